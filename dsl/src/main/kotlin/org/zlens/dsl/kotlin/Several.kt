package org.zlens.dsl.kotlin

/**
 * One of something, or several of them together, wherever a verb takes one or more: `S2`, `S1 and
 * S2`, `features.together()`.
 */
interface Several<out T> {
  /** Them in order, without doubles being removed. */
  val all: List<T>
}
