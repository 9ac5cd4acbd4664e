package org.zlens.dsl.kotlin

import org.zlens.dsl.command.engine.CurrentFunctions
import org.zlens.engine.runtime.Tensor
import tech.tablesaw.api.Table

/**
 * Measure what a function of a site's values does: `hook(L2.site("z"), at = S2) { it.mul(0.5) }`.
 *
 * The function is given the values at the places, `[place, ..]`, and gives new ones of the same
 * shape; it is held to what every edit is.
 */
fun hook(
  site: Several<Site>,
  at: Several<Place>? = null,
  by: String? = null,
  each: Boolean = false,
  change: (Tensor) -> Tensor,
): Table {
  val name = CurrentFunctions.name(KotlinRun.current().session) { change(it) }
  return Verb("hook")
    .many(null, site)
    .many("at", at)
    .language("becomes", "$name(x)")
    .after("by", by)
    .flag("each", each)
    .table()
}
