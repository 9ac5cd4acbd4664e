package org.zlens.dsl.kotlin

import org.zlens.dsl.syntax.Address

/** An attention head, `L5.H[1]`, counted from 0. */
data class Head(val layer: Int, val index: Int) : AnyAddress, Several<Head> {
  override val address: Address
    get() = Address.Head(layer, index)

  override val all
    get() = listOf(this)

  /** A site of this head alone: `L5.H[1].site("v")`. */
  fun site(name: String) = Site("$this.$name")

  override fun toString(): String = address.text()
}
