package org.zlens.dsl.kotlin

import org.zlens.dsl.syntax.Address

/** An attention head, `L5.H[1]`, counted from 0. */
data class Head(val layer: Int, val index: Int) : AnyAddress, Several<Head> {
  override val address: Address
    get() = Address.Head(layer, index)

  override val all
    get() = listOf(this)

  override fun toString(): String = address.text()
}
