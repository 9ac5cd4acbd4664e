package org.zlens.dsl.kotlin

import java.util.concurrent.atomic.AtomicLong
import org.zlens.dsl.command.Position
import org.zlens.dsl.session.Cells
import org.zlens.dsl.session.GraphValue
import org.zlens.dsl.session.PageValue
import org.zlens.dsl.session.PromptSetValue
import org.zlens.dsl.session.TensorValue
import org.zlens.dsl.session.TextValue
import org.zlens.dsl.session.TreeValue
import org.zlens.dsl.session.Value
import org.zlens.dsl.syntax.Expression
import org.zlens.dsl.syntax.Operator
import org.zlens.dsl.syntax.Printer
import org.zlens.dsl.syntax.SourceText
import org.zlens.dsl.syntax.Span
import org.zlens.dsl.syntax.Stage
import org.zlens.dsl.syntax.Statement
import org.zlens.engine.ZlensException
import org.zlens.engine.ZlensException.Kind
import tech.tablesaw.api.Table

/**
 * One call of a verb, put together from typed arguments. It runs as the statement that a user would
 * have typed, so that a script's results carry the same provenance.
 */
internal class Verb(private val name: String, private val input: Any? = null) {
  private val arguments = mutableListOf<Expression>()

  /** An argument that stands by its place; null is left out. */
  fun argument(value: Any?): Verb = apply {
    if (value != null) {
      arguments += expression(value)
    }
  }

  /** An argument that a word introduces; null is left out. */
  fun after(word: String, value: Any?): Verb = apply {
    if (value != null) {
      introduce(word)
      argument(value)
    }
  }

  /** Several side by side, by place or after a word; null is left out. */
  fun many(word: String?, value: Any?): Verb = apply {
    if (value != null) {
      introduce(word)
      ((value as? Several<*>)?.all ?: value as Collection<*>).forEach(::argument)
    }
  }

  /** Several in brackets, by place or after a word; null is left out. */
  fun list(word: String?, value: Any?): Verb = apply {
    if (value != null) {
      val several = (value as? Several<*>)?.all ?: value as Collection<*>
      introduce(word)
      argument(several.singleOrNull() ?: several)
    }
  }

  /** An argument in the command language, such as the condition of `where`; null is left out. */
  fun language(word: String?, text: String?): Verb = languages(word, text?.let(::listOf))

  /** Several such arguments side by side. */
  fun languages(word: String?, texts: List<String>?): Verb = apply {
    if (texts != null) {
      introduce(word)
      texts.forEach { arguments += parsed(it) }
    }
  }

  private fun introduce(word: String?) {
    word?.let { arguments += Expression.Word(NOWHERE, it, false) }
  }

  fun flag(word: String, on: Boolean): Verb = apply {
    if (on) {
      introduce(word)
    }
  }

  /** Runs it. */
  fun value(): Value {
    val call = Stage.Call(NOWHERE, NOWHERE, name, arguments)
    val stages =
      if (input == null) listOf(call)
      else listOf(Stage.Source(NOWHERE, Expression.Variable(NOWHERE, "_")), call)
    val text = Printer.print(Statement.Pipeline(NOWHERE, stages))
    val run = KotlinRun.current()
    if (input != null) {
      run.session.setLast(asValue(input))
    }
    return run.value(SourceText(COMMAND, text))
  }

  fun table(): Table {
    val value = value()
    return Values.toTable(Cells.tableOf(value) ?: throw other("a table", value))
  }

  fun tree() = value().let { it as? TreeValue ?: throw other("a tree", it) }

  fun graph() = value().let { it as? GraphValue ?: throw other("a graph", it) }

  fun tensors() = value().let { it as? TensorValue ?: throw other("tensors", it) }

  fun prompts() = value().let { it as? PromptSetValue ?: throw other("a prompt set", it) }

  fun page() = value().let { it as? PageValue ?: throw other("a page", it) }

  fun text(): String = value().let { it as? TextValue ?: throw other("a text", it) }.text()

  fun number() = Values.toKotlin(value()) as Double

  fun any(): Any? = Values.toKotlin(value())

  private fun other(wanted: String, found: Value) =
    ZlensException(
      Kind.TYPE,
      "'$name' gave ${found.kind().phrase()} here, not $wanted",
      "run(\"...\") gives whatever it is",
    )

  companion object {
    /** What errors call the text of a call. */
    const val COMMAND = "command"
    private val NOWHERE = Span(0, 0)
    private val named = AtomicLong()

    private fun asValue(any: Any): Value =
      Values.fromKotlin(any)
        ?: throw ZlensException(
          Kind.TYPE,
          "commands do not know values of type '${any.javaClass.name}'",
          "they know tables, numbers, texts, addresses and lists of such",
        )

    private fun expression(value: Any?): Expression =
      when (value) {
        is Expression -> value
        is Label -> Expression.Word(NOWHERE, value.name, false)
        is AnyAddress -> Expression.AddressLiteral(NOWHERE, value.address)
        is Place -> place(value.position)
        is Boolean -> Expression.Truth(NOWHERE, value)
        is Number -> number(value)
        is CharSequence -> Expression.Text(NOWHERE, value.toString())
        is Iterable<*> -> Expression.ListLiteral(NOWHERE, value.map(::expression))
        is IntArray -> expression(value.asList())
        else -> variable(value)
      }

    /** Anything larger is handed over under a name. */
    private fun variable(value: Any?): Expression {
      val name = "kotlin_" + named.incrementAndGet()
      KotlinRun.current().session.setVariable(name, asValue(requireNotNull(value)))
      return Expression.Variable(NOWHERE, name)
    }

    private fun number(value: Number): Expression {
      val text =
        if (value is Double || value is Float) {
          require(value.toDouble().isFinite()) { "$value is no number for a command" }
          value.toString().replace("E", "e")
        } else {
          value.toLong().toString()
        }
      val size = Expression.NumberLiteral(NOWHERE, text.removePrefix("-"))
      return if (text.startsWith("-")) Expression.Unary(NOWHERE, Operator.NEGATE, size) else size
    }

    private fun place(position: Position): Expression =
      when (position) {
        is Position.Label ->
          moved(Expression.Word(NOWHERE, position.name(), false), position.offset())
        is Position.Occurrence ->
          moved(
            Expression.Occurrence(
              NOWHERE,
              Expression.Text(NOWHERE, position.word()),
              position.number(),
            ),
            position.offset(),
          )
        is Position.End -> moved(Expression.Word(NOWHERE, "END", false), position.offset())
        is Position.Index -> number(position.index())
        is Position.Any -> Expression.Function(NOWHERE, "any", listOf(place(position.of())))
        else -> Expression.Word(NOWHERE, "ALL", false)
      }

    private fun moved(base: Expression, offset: Int): Expression =
      if (offset == 0) base
      else
        Expression.Binary(
          NOWHERE,
          if (offset > 0) Operator.PLUS else Operator.MINUS,
          base,
          number(Math.abs(offset)),
        )

    private fun parsed(text: String): Expression {
      val script = KotlinRun.parse(SourceText(COMMAND, "($text)"))
      val stage = (script.statements().singleOrNull() as? Statement.Pipeline)?.stages()
      return (stage?.singleOrNull() as? Stage.Source)?.expression()
        ?: throw ZlensException(Kind.SYNTAX, "expected an expression, found '$text'", null)
    }
  }
}
