package org.zlens.dsl.kotlin

/** What a layer has, by index: `L5.H[1]`. */
class Indexed<out T> internal constructor(private val make: (Int) -> T) {
  operator fun get(index: Int): T = make(index)
}
