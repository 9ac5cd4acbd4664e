package org.zlens.dsl.kotlin

import org.zlens.dsl.syntax.Address

/** An address in the model. */
sealed interface AnyAddress {
  /** The same as the command language knows it. */
  val address: Address
}
