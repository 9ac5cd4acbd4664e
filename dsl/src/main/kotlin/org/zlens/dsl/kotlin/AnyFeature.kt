package org.zlens.dsl.kotlin

/** A feature of either kind of SAE. */
sealed interface AnyFeature : AnyAddress
