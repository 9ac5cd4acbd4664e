package org.zlens.dsl.kotlin

import org.zlens.dsl.syntax.Address

/** A layer, counted from 0 as in the model's files, and the way to what lies in it. */
data class Layer(val index: Int) : AnyAddress, Several<Layer> {
  override val address: Address
    get() = Address.Layer(index)

  override val all
    get() = listOf(this)

  /** Its heads: `L5.H[1]`. */
  val H
    get() = Indexed { Head(index, it) }

  /** The features of its attention-output SAE: `L5.F[44256]`, in short `L5[44256]`. */
  val F
    get() = Indexed { Feature(index, it) }

  /** The features of the residual SAE before it: `L9.R[16927]`. */
  val R
    get() = Indexed { ResidualFeature(index, it) }

  /** A feature of its attention-output SAE: `L5[44256]`. */
  operator fun get(feature: Int) = Feature(index, feature)

  /** Several features of its attention-output SAE: `L5[3, 17]`. */
  operator fun get(first: Int, second: Int, vararg more: Int): Several<Feature> =
    Together((listOf(first, second) + more.asList()).map { Feature(index, it) })

  /** A head: `L5.head(1)`. */
  fun head(number: Int) = Head(index, number)

  /** A hook site by its short name: `L5.site("z")`. */
  fun site(name: String) = Site("L$index.$name")

  /** The layers from this to another one: `L0..L3`. */
  operator fun rangeTo(last: Layer): List<Layer> = (index..last.index).map(::Layer)

  override fun toString(): String = address.text()
}
