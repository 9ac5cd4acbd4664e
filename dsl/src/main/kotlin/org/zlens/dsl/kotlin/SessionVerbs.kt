// Made from the signatures of the verbs; ReferenceTest makes it anew.
package org.zlens.dsl.kotlin

import org.zlens.dsl.session.*
import tech.tablesaw.api.Table

/** End the session. */
fun exit() {
  Verb("exit").value()
}

/** Fail unless a condition holds. */
fun expect(condition: String, within: Number? = null) {
  Verb("expect").language(null, condition).after("within", within).value()
}

/** Tell what a statement would do, and do nothing. */
fun explain(statement: String): TreeValue {
  return Verb("explain").language(null, statement).tree()
}

/** Name a number that a study has come to. */
fun finding(name: String, `is`: String): Table {
  return Verb("finding").argument(name).language("is", `is`).table()
}

/** List the verbs, or explain one, or a topic. */
fun help(verb: List<String>? = null): String {
  return Verb("help").languages(null, verb).text()
}

/** List what was typed at the prompt. */
fun history(text: String? = null, last: Number? = null): Table {
  return Verb("history").argument(text).after("last", last).table()
}

/** Run a line of Kotlin in this session. */
fun kotlin(code: String) {
  Verb("kotlin").argument(code).value()
}

/** Tell how a result came to be. */
fun provenance(name: Label? = null): TreeValue {
  return Verb("provenance").argument(name).tree()
}

/** Tell how a result came to be. */
fun Table.provenance(name: Label? = null): TreeValue {
  return Verb("provenance", this).argument(name).tree()
}

/** Tell how a result came to be. */
fun Value.provenance(name: Label? = null): TreeValue {
  return Verb("provenance", this).argument(name).tree()
}

/** End the session. */
fun quit() {
  Verb("quit").value()
}

/** Write a transcript that can be run again. */
fun record(file: String? = null, replace: Boolean = false) {
  Verb("record").argument(file).flag("replace", replace).value()
}

/** Run a transcript again and compare every number. */
fun replay(file: String, tolerance: Number? = null, safe: Boolean = false): Table {
  return Verb("replay").argument(file).after("tolerance", tolerance).flag("safe", safe).table()
}

/** Forget what Kotlin lines have declared. */
fun resetKotlin() {
  Verb("reset kotlin").value()
}

/** Run a script in this session. */
fun runScript(file: String, with: List<String>? = null) {
  Verb("run").argument(file).languages("with", with).value()
}

/** List the settings, show one, or change one. */
fun set(name: String? = null, value: String? = null): Table {
  return Verb("set").language(null, name).language(null, value).table()
}

/** Say after each entry how long it took, or no more. */
fun timing(state: String? = null): String {
  return Verb("timing").argument(state).text()
}
