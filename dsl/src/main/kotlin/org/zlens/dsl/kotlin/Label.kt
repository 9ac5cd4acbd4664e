package org.zlens.dsl.kotlin

/** A name that a verb gives to something, such as a label of `mark`. */
data class Label(val name: String) {
  override fun toString() = name
}
