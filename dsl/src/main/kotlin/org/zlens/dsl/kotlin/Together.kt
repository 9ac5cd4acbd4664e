package org.zlens.dsl.kotlin

/** Some things in order. */
internal data class Together<out T>(override val all: List<T>) : Several<T> {
  override fun toString() = all.joinToString(" and ")
}
