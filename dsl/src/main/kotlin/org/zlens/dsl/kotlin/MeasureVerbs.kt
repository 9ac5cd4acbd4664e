// Made from the signatures of the verbs; ReferenceTest makes it anew.
package org.zlens.dsl.kotlin

import org.zlens.dsl.session.*
import tech.tablesaw.api.Table

/** Measure how good SAEs are, on a text. */
fun evaluateSae(
  layer: Several<Layer>,
  on: List<String>? = null,
  tokens: Number? = null,
  length: Number? = null,
  residual: Boolean = false,
  histogram: Boolean = false,
): Table {
  return Verb("evaluate sae")
    .many(null, layer)
    .many("on", on)
    .after("tokens", tokens)
    .after("length", length)
    .flag("residual", residual)
    .flag("histogram", histogram)
    .table()
}

/** Find features of the paper's families. */
fun families(
  layer: Layer,
  top: Number? = null,
  on: List<String>? = null,
  tokens: Number? = null,
  length: Number? = null,
  residual: Boolean = false,
): Table {
  return Verb("families")
    .argument(layer)
    .after("top", top)
    .many("on", on)
    .after("tokens", tokens)
    .after("length", length)
    .flag("residual", residual)
    .table()
}

/** Test which features behave as induction features. */
@JvmName("inductionHead")
fun induction(
  head: Head,
  share: Number? = null,
  control: Number? = null,
  seed: Number? = null,
  on: List<String>? = null,
  tokens: Number? = null,
  length: Number? = null,
  residual: Boolean = false,
): Table {
  return Verb("induction")
    .argument(head)
    .after("share", share)
    .after("control", control)
    .after("seed", seed)
    .many("on", on)
    .after("tokens", tokens)
    .after("length", length)
    .flag("residual", residual)
    .table()
}

/** Test which features behave as induction features. */
@JvmName("inductionLayer")
fun induction(
  layer: Layer,
  share: Number? = null,
  control: Number? = null,
  seed: Number? = null,
  on: List<String>? = null,
  tokens: Number? = null,
  length: Number? = null,
  residual: Boolean = false,
): Table {
  return Verb("induction")
    .argument(layer)
    .after("share", share)
    .after("control", control)
    .after("seed", seed)
    .many("on", on)
    .after("tokens", tokens)
    .after("length", length)
    .flag("residual", residual)
    .table()
}

/** Bound a share from counts, after Clopper, Pearson. */
fun interval(successes: Number, of: Number, alpha: Number? = null): Table {
  return Verb("interval").argument(successes).after("of", of).after("alpha", alpha).table()
}

/** Read the ratings that a sheet has saved. */
fun ratingRead(file: String, alpha: Number? = null, features: Boolean = false): Table {
  return Verb("rating read").argument(file).after("alpha", alpha).flag("features", features).table()
}

/** Make a page on which a person rates features. */
fun ratingSheet(
  layer: Layer,
  n: Number? = null,
  seed: Number? = null,
  to: String? = null,
  blank: String? = null,
  on: List<String>? = null,
  tokens: Number? = null,
  length: Number? = null,
  residual: Boolean = false,
): PageValue {
  return Verb("rating sheet")
    .argument(layer)
    .after("n", n)
    .after("seed", seed)
    .after("to", to)
    .after("blank", blank)
    .many("on", on)
    .after("tokens", tokens)
    .after("length", length)
    .flag("residual", residual)
    .page()
}

/** Compare a feature with a condition on the text. */
fun specificity(
  feature: AnyFeature,
  proxy: String,
  bands: Number? = null,
  examples: Number? = null,
  on: List<String>? = null,
  tokens: Number? = null,
  length: Number? = null,
  summary: Boolean = false,
): Table {
  return Verb("specificity")
    .argument(feature)
    .language("proxy", proxy)
    .after("bands", bands)
    .after("examples", examples)
    .many("on", on)
    .after("tokens", tokens)
    .after("length", length)
    .flag("summary", summary)
    .table()
}
