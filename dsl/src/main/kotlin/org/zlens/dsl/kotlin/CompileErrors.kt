package org.zlens.dsl.kotlin

import kotlin.script.experimental.api.ScriptDiagnostic
import kotlin.script.experimental.api.SourceCode
import org.zlens.dsl.diagnostic.Diagnostic
import org.zlens.dsl.diagnostic.DiagnosticException
import org.zlens.dsl.syntax.SourceText
import org.zlens.dsl.syntax.Span
import org.zlens.engine.ZlensException.Kind

/** What the Kotlin compiler has to say, in the form that all errors have. */
internal object CompileErrors {
  /**
   * The first error, with the lines of the others in its hint.
   *
   * @param before characters put before the first line, which the reader of the error has not seen
   */
  fun of(reports: List<ScriptDiagnostic>, source: SourceText, before: Int): DiagnosticException {
    val errors =
      reports
        .filter { it.severity >= ScriptDiagnostic.Severity.ERROR }
        .sortedBy { it.location?.start?.line ?: Int.MAX_VALUE }
    val first = errors.firstOrNull() ?: return bug(reports)
    if (first.severity == ScriptDiagnostic.Severity.FATAL) {
      return bug(errors)
    }
    val others = errors.drop(1).mapNotNull { it.location?.start?.line }.distinct()
    val hint =
      when {
        others.isEmpty() -> null
        errors.size == 2 -> "there is another error in line ${others[0]}"
        else -> "there are ${errors.size - 1} more errors, in lines ${others.joinToString(", ")}"
      }
    val span = span(source, first.location, before)
    return DiagnosticException(
      Diagnostic.at(kind(first.message), message(first.message), source, span, hint)
    )
  }

  private fun bug(reports: List<ScriptDiagnostic>): DiagnosticException {
    val first = reports.firstOrNull { it.exception != null } ?: reports.lastOrNull()
    return DiagnosticException(
      Diagnostic(
        Kind.BUG,
        "the Kotlin compiler failed: ${first?.message ?: "it said nothing"}",
        null,
        null,
        "please report it with the lines below",
        first?.exception,
      )
    )
  }

  private fun kind(message: String) =
    when {
      message.startsWith("Unresolved reference") -> Kind.NAME
      message.startsWith("Syntax error") || message.startsWith("Expecting") -> Kind.SYNTAX
      else -> Kind.TYPE
    }

  /** As our own messages are: without a capital at the start and a full stop at the end. */
  private fun message(text: String): String {
    val line = text.lineSequence().first().trim().trimEnd('.')
    val capital = line.length > 1 && line[0].isUpperCase() && !line[1].isUpperCase()
    return if (capital) line.replaceFirstChar { it.lowercase() } else line
  }

  private fun span(source: SourceText, location: SourceCode.Location?, before: Int): Span {
    val start = offset(source, location?.start ?: return Span(0, 0), before)
    val end = location.end?.let { offset(source, it, before) } ?: start
    val span = Span(start, if (end > start) end else minOf(start + 1, source.text().length))
    return if (source.slice(span) == "=") initializer(source, span) else span
  }

  /**
   * What stands behind the sign where a value does not fit, which is all that the compiler marks.
   */
  private fun initializer(source: SourceText, sign: Span): Span {
    val rest = source.text().substring(sign.end(), source.lineEnd(source.line(sign.end())))
    val start = sign.end() + rest.length - rest.trimStart().length
    return if (rest.isBlank()) sign else Span(start, start + rest.trim().length)
  }

  private fun offset(source: SourceText, at: SourceCode.Position, before: Int): Int {
    val column = if (at.line == 1) at.col - before else at.col
    val lines = source.line(source.text().length)
    val line = at.line.coerceIn(1, lines)
    val start = source.lineStart(line)
    return (start + column - 1).coerceIn(start, source.lineEnd(line))
  }
}
