package org.zlens.dsl.kotlin

import org.zlens.dsl.session.Session

/** Where Kotlin code stops when it was asked to. */
object Checkpoint {
  /** Called at every turn of a loop of a script; the compiler of scripts puts it there. */
  @JvmStatic
  fun pass() {
    KotlinRun.orNull()?.let { pass(it.session) }
  }

  internal fun pass(session: Session) {
    session.cancellation().poll()
  }
}
