package org.zlens.dsl.kotlin

import org.intellij.lang.annotations.Language
import org.zlens.dsl.session.PromptSetValue
import org.zlens.dsl.session.Value
import org.zlens.dsl.syntax.SourceText

/**
 * Runs statements of the command language as they stand and gives the value of the last one; it is
 * not shown. A text that needs no evaluation is checked before the script runs.
 */
fun run(@Language("zlens") command: String): Value =
  KotlinRun.current().value(SourceText(Verb.COMMAND, command))

/** The `name=value` that the script was started with: `args["n"]?.toInt() ?: 8`. */
val args: Map<String, String>
  get() = KotlinRun.current().arguments

/** The value of a variable of the session as Kotlin sees it; null if there is none. */
fun variable(name: String): Any? =
  KotlinRun.current().session.variables()[name]?.let(Values::toKotlin)

/** Gives a value a name in the session, as the statement `let` does. */
fun let(name: String, value: Any) {
  val known = Values.fromKotlin(value)
  requireNotNull(known) { "commands do not know values of type '${value.javaClass.name}'" }
  KotlinRun.current().session.setVariable(name, known)
}

/** Names a place of the prompts: `mark("S2", " Bob" nth 2)`. */
fun mark(label: String, place: Place): PromptSetValue =
  Verb("mark").language(null, "$label = $place").prompts()

/** Shows a value as the result of a command is shown. */
fun show(value: Any) {
  Verb("show", value).value()
}

/** Prints a line among the results. */
fun println(message: Any? = "") {
  print("$message\n")
}

/** Prints a text among the results. */
fun print(message: Any?) {
  KotlinRun.current().session.print(message.toString())
}

/** Says how far a long loop is, and stops it if Ctrl-C was pressed. */
fun progress(what: String, done: Number, total: Number) {
  val session = KotlinRun.current().session
  Checkpoint.pass(session)
  session.listener().onProgress(what, done.toLong(), total.toLong())
}
