// Made from the signatures of the verbs; ReferenceTest makes it anew.
package org.zlens.dsl.kotlin

import org.zlens.dsl.session.*
import tech.tablesaw.api.Table

/** Put the rows of another table below those of this one. */
fun Table.append(table: Any): Table {
  return Verb("append", this).argument(table).table()
}

/** Put the rows of another table below those of this one. */
fun Value.append(table: Any): Table {
  return Verb("append", this).argument(table).table()
}

/** Put rows of equal keys together into one row. */
fun Table.group(
  by: List<String>? = null,
  mean: List<String>? = null,
  sum: List<String>? = null,
  min: List<String>? = null,
  max: List<String>? = null,
  median: List<String>? = null,
  sd: List<String>? = null,
  first: List<String>? = null,
  count: Boolean = false,
): Table {
  return Verb("group", this)
    .languages("by", by)
    .languages("mean", mean)
    .languages("sum", sum)
    .languages("min", min)
    .languages("max", max)
    .languages("median", median)
    .languages("sd", sd)
    .languages("first", first)
    .flag("count", count)
    .table()
}

/** Put rows of equal keys together into one row. */
fun Value.group(
  by: List<String>? = null,
  mean: List<String>? = null,
  sum: List<String>? = null,
  min: List<String>? = null,
  max: List<String>? = null,
  median: List<String>? = null,
  sd: List<String>? = null,
  first: List<String>? = null,
  count: Boolean = false,
): Table {
  return Verb("group", this)
    .languages("by", by)
    .languages("mean", mean)
    .languages("sum", sum)
    .languages("min", min)
    .languages("max", max)
    .languages("median", median)
    .languages("sd", sd)
    .languages("first", first)
    .flag("count", count)
    .table()
}

/** Put rows of two tables with equal keys side by side. */
fun Table.join(
  table: Any,
  on: List<String>,
  suffix: String? = null,
  left: Boolean = false,
): Table {
  return Verb("join", this)
    .argument(table)
    .languages("on", on)
    .after("suffix", suffix)
    .flag("left", left)
    .table()
}

/** Put rows of two tables with equal keys side by side. */
fun Value.join(
  table: Any,
  on: List<String>,
  suffix: String? = null,
  left: Boolean = false,
): Table {
  return Verb("join", this)
    .argument(table)
    .languages("on", on)
    .after("suffix", suffix)
    .flag("left", left)
    .table()
}

/** Draw a table in a page that opens offline. */
fun Table.plot(
  kind: String? = null,
  x: String? = null,
  y: List<String>? = null,
  by: String? = null,
  title: String? = null,
  file: String? = null,
  width: Number? = null,
  height: Number? = null,
): PageValue {
  return Verb("plot", this)
    .argument(kind)
    .after("x", x)
    .many("y", y)
    .after("by", by)
    .after("title", title)
    .after("file", file)
    .after("width", width)
    .after("height", height)
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
  width: Number? = null,
  height: Number? = null,
): PageValue {
  return Verb("plot", this)
    .argument(kind)
    .after("x", x)
    .many("y", y)
    .after("by", by)
    .after("title", title)
    .after("file", file)
    .after("width", width)
    .after("height", height)
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

/** Keep some columns, and work out new ones. */
fun Table.select(column: List<String>): Table {
  return Verb("select", this).languages(null, column).table()
}

/** Keep some columns, and work out new ones. */
fun Value.select(column: List<String>): Table {
  return Verb("select", this).languages(null, column).table()
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
fun Table.sort(by: List<String>): Table {
  return Verb("sort", this).languages("by", by).table()
}

/** Put the rows in order, the smallest first. */
fun Value.sort(by: List<String>): Table {
  return Verb("sort", this).languages("by", by).table()
}

/** Show tokens in a row, coloured by a column. */
fun Table.strips(by: String, tokens: String? = null, per: String? = null): Table {
  return Verb("strips", this).after("by", by).after("tokens", tokens).after("per", per).table()
}

/** Show tokens in a row, coloured by a column. */
fun Value.strips(by: String, tokens: String? = null, per: String? = null): Table {
  return Verb("strips", this).after("by", by).after("tokens", tokens).after("per", per).table()
}

/** Read a table from a file. */
fun table(file: String): Table {
  return Verb("table").argument(file).table()
}

/** Keep the rows that are largest by some measure. */
fun Table.top(
  count: Number? = null,
  by: String? = null,
  per: List<String>? = null,
  lowest: Boolean = false,
): Table {
  return Verb("top", this)
    .argument(count)
    .language("by", by)
    .languages("per", per)
    .flag("lowest", lowest)
    .table()
}

/** Keep the rows that are largest by some measure. */
fun Value.top(
  count: Number? = null,
  by: String? = null,
  per: List<String>? = null,
  lowest: Boolean = false,
): Table {
  return Verb("top", this)
    .argument(count)
    .language("by", by)
    .languages("per", per)
    .flag("lowest", lowest)
    .table()
}

/** Keep the rows that a condition holds in. */
fun Table.where(condition: String): Table {
  return Verb("where", this).language(null, condition).table()
}

/** Keep the rows that a condition holds in. */
fun Value.where(condition: String): Table {
  return Verb("where", this).language(null, condition).table()
}
