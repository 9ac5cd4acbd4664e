// Made from the signatures of the verbs; ReferenceTest makes it anew.
package org.zlens.dsl.kotlin

import org.zlens.dsl.session.*
import tech.tablesaw.api.Table

/** Measure how good SAEs are, on the prompts. */
fun evaluateSae(layer: Several<Layer>, residual: Boolean = false): Table {
  return Verb("evaluate sae").many(null, layer).flag("residual", residual).table()
}

/** Bound a share from counts, after Clopper, Pearson. */
fun interval(successes: Number, of: Number, alpha: Number? = null): Table {
  return Verb("interval").argument(successes).after("of", of).after("alpha", alpha).table()
}
