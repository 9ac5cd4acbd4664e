package org.zlens.dsl.kotlin

import org.zlens.dsl.syntax.Address

/** A feature of the residual SAE before a block, `L9.R[16927]`; indices are those of its file. */
data class ResidualFeature(val layer: Int, val index: Int) : AnyFeature, Several<ResidualFeature> {
  override val address: Address
    get() = Address.ResidualFeature(layer, index)

  override val all
    get() = listOf(this)

  override fun toString(): String = address.text()
}
