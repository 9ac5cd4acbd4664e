package org.zlens.dsl.kotlin

import org.zlens.dsl.syntax.Address

/** A feature of the attention-output SAE of a layer, `L5[44256]`; indices are those of its file. */
data class Feature(val layer: Int, val index: Int) : AnyFeature, Several<Feature> {
  override val address: Address
    get() = Address.Feature(layer, index)

  override val all
    get() = listOf(this)

  override fun toString(): String = address.text()
}
