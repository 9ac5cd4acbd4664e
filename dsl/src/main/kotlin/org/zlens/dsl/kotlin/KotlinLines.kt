package org.zlens.dsl.kotlin

import java.lang.reflect.Modifier
import kotlin.script.experimental.api.ResultValue
import org.zlens.dsl.diagnostic.Diagnostic
import org.zlens.dsl.diagnostic.DiagnosticException
import org.zlens.dsl.session.AddressValue
import org.zlens.dsl.session.Interpreter
import org.zlens.dsl.session.ListValue
import org.zlens.dsl.session.NumberValue
import org.zlens.dsl.session.Session
import org.zlens.dsl.session.SessionObject
import org.zlens.dsl.session.Slot
import org.zlens.dsl.session.TableValue
import org.zlens.dsl.session.TextValue
import org.zlens.dsl.session.TruthValue
import org.zlens.dsl.session.Value
import org.zlens.dsl.syntax.Expression
import org.zlens.dsl.syntax.Printer
import org.zlens.dsl.syntax.SourceText
import org.zlens.dsl.syntax.Span
import org.zlens.engine.ZlensException

/**
 * The Kotlin lines of a session. The compiler is loaded at the first of them, or by [warm] before.
 *
 * Variables of the session that a line names are visible in it, and what a line declares is a
 * variable of the session if it is of a type that commands know.
 */
class KotlinLines private constructor(private val session: Session) : SessionObject {
  private class Declared(val owner: Any?, val field: java.lang.reflect.Field, var shared: Value?)

  private val declared = LinkedHashMap<String, Declared>()
  private val names = HashSet<String>()
  private val borrowed = HashMap<String, String>()
  private var compiler: SnippetCompiler? = null
  private var warming = false
  private var count = 0

  /** Whether a line of Kotlin has declared this name. */
  fun declares(name: String): Boolean = name in names && !isLet(name)

  /** Whether `let` has given the name another value since. */
  private fun isLet(name: String): Boolean {
    val value = session.variables()[name]
    return value != null && declared[name]?.shared !== value
  }

  /** Loads and warms the compiler in the background; a line that comes meanwhile waits for it. */
  fun warm() {
    if (warming || compiler != null) {
      return
    }
    warming = true
    val thread = Thread({ ready().warm() }, "kotlin")
    thread.isDaemon = true
    thread.priority = Thread.MIN_PRIORITY
    thread.start()
  }

  @Synchronized
  private fun ready(): SnippetCompiler = compiler ?: SnippetCompiler().also { compiler = it }

  /**
   * Runs a line that was typed and shows its value, as the statement `kotlin "..."` would. Throws
   * [DiagnosticException], and nothing else, at a failure, with a place in the line.
   */
  fun run(source: SourceText) {
    checked {
      KotlinRun.refuseIfSafe(session)
      session.cancellation().reset()
      CommandLiterals.check(source, session.registry(), session.settings(), session.forecast())
      val text = Expression.Text(Span(0, 0), source.text())
      val statement = SourceText(source.name(), "kotlin " + Printer.print(text))
      Interpreter(session).run(statement)
    }
  }

  /** Runs a line of Kotlin as part of a statement that runs; its failures are those of [run]. */
  @Synchronized fun runWithin(source: SourceText) = checked { runChecked(source) }

  private fun checked(body: () -> Unit) {
    try {
      body()
    } catch (e: DiagnosticException) {
      throw e
    } catch (e: ZlensException) {
      throw DiagnosticException(Diagnostic(e.kind(), e.message, null, null, e.hint(), e))
    } catch (e: Exception) {
      throw bug(e)
    } catch (e: LinkageError) {
      throw bug(e)
    }
  }

  private fun bug(e: Throwable) =
    DiagnosticException(
      Diagnostic(
        ZlensException.Kind.BUG,
        "a bug of zlens: $e",
        null,
        null,
        "please report it with the lines below",
        e,
      )
    )

  private fun runChecked(source: SourceText) {
    KotlinRun.refuseIfSafe(session)
    val tokens = KotlinLexer.lex(source.text())
    val before = if (tokens.firstOrNull()?.text() == "import") "" else borrow(tokens)
    val fileName = "Line_${++count}.zlens.kts"
    val run = KotlinRun(session, emptyMap())
    KotlinRun.within(run) {
      when (val outcome = ready().run(before + source.text(), fileName)) {
        is SnippetCompiler.Outcome.Refused ->
          throw CompileErrors.of(outcome.reports, source, before.length)
        is SnippetCompiler.Outcome.Ran -> finish(outcome.result, tokens, source, fileName)
      }
    }
  }

  private fun finish(
    result: ResultValue,
    tokens: List<KotlinToken>,
    source: SourceText,
    fileName: String,
  ) {
    if (result is ResultValue.Error) {
      share()
      throw RuntimeErrors.of(result.error, source, fileName, session)
    }
    declare(result, tokens)
    share()
    if (result is ResultValue.Value) {
      present(result.value)
    }
  }

  private fun present(value: Any?) {
    if (value == null) {
      println("null")
    } else if (value !is Unit && Values.fromKotlin(value) != null) {
      show(value)
    } else if (value !is Unit) {
      println(value)
    }
  }

  /** Declarations of the session's variables that a line names, to stand before it. */
  private fun borrow(tokens: List<KotlinToken>): String {
    val wanted = tokens.filter { it.kind() == KotlinToken.Kind.NAME }.map { it.text() }.toSet()
    val out = StringBuilder()
    for ((name, value) in session.variables()) {
      if (name in wanted && !declares(name)) {
        val type = type(value)
        if (borrowed[name] != type) {
          borrowed[name] = type
          names -= name
          declared -= name
          out.append("val $name: $type get() = variable(\"$name\") as $type; ")
        }
      }
    }
    return out.toString()
  }

  private fun type(value: Value): String =
    when (value) {
      is TableValue -> "Table"
      is NumberValue -> "Double"
      is TextValue -> "String"
      is TruthValue -> "Boolean"
      is AddressValue -> Values.toKotlin(value)!!.javaClass.simpleName
      is ListValue -> {
        val kinds = value.values().map(::type).distinct()
        "List<${kinds.singleOrNull() ?: "Any?"}>"
      }
      else -> "Value"
    }

  private fun declare(result: ResultValue, tokens: List<KotlinToken>) {
    for (i in 0 until tokens.size - 1) {
      if (tokens[i].text() in DECLARING && tokens[i + 1].kind() == KotlinToken.Kind.NAME) {
        names += tokens[i + 1].text()
      }
    }
    val type = result.scriptClass?.java ?: return
    for (field in type.declaredFields) {
      val name = field.name
      if (name.startsWith("$") || name == "INSTANCE" || field.isSynthetic || name.contains('$')) {
        continue
      }
      field.isAccessible = true
      val owner = if (Modifier.isStatic(field.modifiers)) null else result.scriptInstance
      declared[name] = Declared(owner, field, null)
      names += name
      borrowed -= name
    }
  }

  /** Gives the session what the lines have declared, as it is now. */
  private fun share() {
    for ((name, one) in declared) {
      if (one.shared != null && isLet(name)) {
        continue
      }
      val value = Values.fromKotlin(one.field.get(one.owner)) ?: continue
      if (value != one.shared || session.variables()[name] == null) {
        one.shared = value
        session.setVariable(name, value)
      }
    }
  }

  @Synchronized
  override fun close() {
    compiler?.close()
    compiler = null
  }

  companion object {
    private val DECLARING = setOf("val", "var", "fun", "class", "object", "interface", "typealias")
    private val SLOT = Slot("Kotlin", KotlinLines::class.java)

    /** Those of a session. */
    @JvmStatic
    fun of(session: Session): KotlinLines =
      session.find(SLOT).orElseGet { KotlinLines(session).also { session.put(SLOT, it) } }

    /** Those of a session, if there were any. */
    @JvmStatic fun find(session: Session): KotlinLines? = session.find(SLOT).orElse(null)

    /** Forgets all that Kotlin lines have declared, and the compiler's memory of them. */
    @JvmStatic
    fun forget(session: Session) {
      session.clear(SLOT)
    }
  }
}
