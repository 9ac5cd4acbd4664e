package org.zlens.dsl.kotlin

import org.zlens.dsl.syntax.Address

/** A hook site by its short or its full name, `L2.site("z")` or `site("blocks.2.attn.hook_z")`. */
data class Site(val name: String) : AnyAddress, Several<Site> {
  override val address: Address
    get() = Address.parse(name)

  override val all
    get() = listOf(this)

  override fun toString() = name
}
