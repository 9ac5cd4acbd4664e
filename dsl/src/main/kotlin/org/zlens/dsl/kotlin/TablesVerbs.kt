// Made from the signatures of the verbs; ReferenceTest makes it anew.
package org.zlens.dsl.kotlin

import org.zlens.dsl.session.*
import tech.tablesaw.api.Table

/** Draw a table in a page that opens offline. */
fun Table.plot(
  kind: String? = null,
  x: String? = null,
  y: List<String>? = null,
  by: String? = null,
  title: String? = null,
  file: String? = null,
): PageValue {
  return Verb("plot", this)
    .argument(kind)
    .after("x", x)
    .many("y", y)
    .after("by", by)
    .after("title", title)
    .after("file", file)
    .page()
}

/** Draw a table in a page that opens offline. */
fun Value.plot(
  kind: String? = null,
  x: String? = null,
  y: List<String>? = null,
  by: String? = null,
  title: String? = null,
  file: String? = null,
): PageValue {
  return Verb("plot", this)
    .argument(kind)
    .after("x", x)
    .many("y", y)
    .after("by", by)
    .after("title", title)
    .after("file", file)
    .page()
}

/** Write a value to a file and pass it on. */
fun Table.save(file: String): Table {
  Verb("save", this).argument(file).value()
  return this
}

/** Write a value to a file and pass it on. */
fun Value.save(file: String): Value {
  Verb("save", this).argument(file).value()
  return this
}

/** Keep some columns, in the order given. */
fun Table.select(column: List<String>): Table {
  return Verb("select", this).many(null, column).table()
}

/** Keep some columns, in the order given. */
fun Value.select(column: List<String>): Table {
  return Verb("select", this).many(null, column).table()
}

/** Show a value and pass it on. */
fun Table.show(): Table {
  Verb("show", this).value()
  return this
}

/** Show a value and pass it on. */
fun Value.show(): Value {
  Verb("show", this).value()
  return this
}

/** Put the rows in order, the smallest first. */
fun Table.sort(by: String, descending: Boolean = false): Table {
  return Verb("sort", this).language("by", by).flag("descending", descending).table()
}

/** Put the rows in order, the smallest first. */
fun Value.sort(by: String, descending: Boolean = false): Table {
  return Verb("sort", this).language("by", by).flag("descending", descending).table()
}

/** Keep the rows that are largest by some measure. */
fun Table.top(
  count: Number? = null,
  by: String? = null,
  lowest: Boolean = false,
): Table {
  return Verb("top", this).argument(count).language("by", by).flag("lowest", lowest).table()
}

/** Keep the rows that are largest by some measure. */
fun Value.top(
  count: Number? = null,
  by: String? = null,
  lowest: Boolean = false,
): Table {
  return Verb("top", this).argument(count).language("by", by).flag("lowest", lowest).table()
}

/** Keep the rows that a condition holds in. */
fun Table.where(condition: String): Table {
  return Verb("where", this).language(null, condition).table()
}

/** Keep the rows that a condition holds in. */
fun Value.where(condition: String): Table {
  return Verb("where", this).language(null, condition).table()
}
