package org.zlens.dsl.kotlin

import kotlin.coroutines.Continuation
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.startCoroutine

/** Runs one of the scripting library's functions, which are marked to suspend and never do. */
internal fun <T> atOnce(block: suspend () -> T): T {
  var result: Result<T>? = null
  block.startCoroutine(Continuation(EmptyCoroutineContext) { result = it })
  return checkNotNull(result) { "the Kotlin compiler suspended" }.getOrThrow()
}
