package org.zlens.dsl.kotlin

import java.util.function.Supplier
import org.zlens.dsl.session.Interpreter
import org.zlens.dsl.session.Session
import org.zlens.dsl.session.Value
import org.zlens.dsl.syntax.Script
import org.zlens.dsl.syntax.SourceText
import org.zlens.engine.ZlensException
import org.zlens.engine.ZlensException.Kind

/** The session that the Kotlin code on this thread works in, and what it was started with. */
class KotlinRun(val session: Session, val arguments: Map<String, String>) {
  /** The value of a text of the command language; nothing is shown. */
  internal fun value(source: SourceText): Value {
    Checkpoint.pass(session)
    return Interpreter(session).value(source)
  }

  companion object {
    private val here = ThreadLocal<KotlinRun>()

    /** What runs on this thread. */
    @JvmStatic
    fun current(): KotlinRun =
      here.get()
        ?: throw ZlensException(
          Kind.RUNTIME,
          "verbs run on the thread of the script alone, not on '${Thread.currentThread().name}'",
          "a session does one thing at a time; gather the results, then share the work on them",
        )

    internal fun orNull(): KotlinRun? = here.get()

    /** Kotlin can do whatever this program can. */
    @JvmStatic
    fun refuseIfSafe(session: Session) {
      if (session.files().isSafe) {
        throw ZlensException(
          Kind.USAGE,
          "Kotlin runs code, which --safe refuses",
          "run it without --safe if you trust it",
        )
      }
    }

    /** Runs something as Kotlin code of a session. */
    @JvmStatic
    fun <T> within(run: KotlinRun, body: Supplier<T>): T {
      val outer = here.get()
      here.set(run)
      try {
        return run.session.cancellation().interrupting(body)
      } finally {
        here.set(outer)
      }
    }

    internal fun parse(source: SourceText): Script = Interpreter.parse(source)
  }
}
