// Made from the signatures of the verbs; ReferenceTest makes it anew.
package org.zlens.dsl.kotlin

import org.zlens.dsl.session.*
import tech.tablesaw.api.Table

/** Measure what happens without a feature, a head or a site. */
@JvmName("ablateFeature")
fun ablate(
  feature: Several<AnyFeature>,
  at: Several<Place>? = null,
  over: Any? = null,
  per: List<String>? = null,
  seed: Number? = null,
  by: String? = null,
  residual: Boolean = false,
  mean: Boolean = false,
  zero: Boolean = false,
  resample: Boolean = false,
  each: Boolean = false,
): Table {
  return Verb("ablate")
    .many("feature", feature)
    .many("at", at)
    .after("over", over)
    .many("per", per)
    .after("seed", seed)
    .after("by", by)
    .flag("residual", residual)
    .flag("mean", mean)
    .flag("zero", zero)
    .flag("resample", resample)
    .flag("each", each)
    .table()
}

/** Measure what happens without a feature, a head or a site. */
@JvmName("ablateError")
fun ablate(
  error: Layer,
  at: Several<Place>? = null,
  over: Any? = null,
  per: List<String>? = null,
  seed: Number? = null,
  by: String? = null,
  residual: Boolean = false,
  mean: Boolean = false,
  zero: Boolean = false,
  resample: Boolean = false,
  each: Boolean = false,
): Table {
  return Verb("ablate")
    .after("error", error)
    .many("at", at)
    .after("over", over)
    .many("per", per)
    .after("seed", seed)
    .after("by", by)
    .flag("residual", residual)
    .flag("mean", mean)
    .flag("zero", zero)
    .flag("resample", resample)
    .flag("each", each)
    .table()
}

/** Measure what happens without a feature, a head or a site. */
@JvmName("ablateHead")
fun ablate(
  head: Several<Head>,
  at: Several<Place>? = null,
  over: Any? = null,
  per: List<String>? = null,
  seed: Number? = null,
  by: String? = null,
  residual: Boolean = false,
  mean: Boolean = false,
  zero: Boolean = false,
  resample: Boolean = false,
  each: Boolean = false,
): Table {
  return Verb("ablate")
    .many("head", head)
    .many("at", at)
    .after("over", over)
    .many("per", per)
    .after("seed", seed)
    .after("by", by)
    .flag("residual", residual)
    .flag("mean", mean)
    .flag("zero", zero)
    .flag("resample", resample)
    .flag("each", each)
    .table()
}

/** Measure what happens without a feature, a head or a site. */
@JvmName("ablateSite")
fun ablate(
  site: Several<AnyAddress>,
  at: Several<Place>? = null,
  over: Any? = null,
  per: List<String>? = null,
  seed: Number? = null,
  by: String? = null,
  residual: Boolean = false,
  mean: Boolean = false,
  zero: Boolean = false,
  resample: Boolean = false,
  each: Boolean = false,
): Table {
  return Verb("ablate")
    .many("site", site)
    .many("at", at)
    .after("over", over)
    .many("per", per)
    .after("seed", seed)
    .after("by", by)
    .flag("residual", residual)
    .flag("mean", mean)
    .flag("zero", zero)
    .flag("resample", resample)
    .flag("each", each)
    .table()
}

/** Hold clean values while other edits act. */
fun freeze(
  what: Several<AnyAddress>? = null,
  layers: Several<Layer>? = null,
  at: Several<Place>? = null,
  patterns: Boolean = false,
  norms: Boolean = false,
): Table {
  return Verb("freeze")
    .many(null, what)
    .list("layers", layers)
    .many("at", at)
    .flag("patterns", patterns)
    .flag("norms", norms)
    .table()
}

/** Measure what a formula over a site's values does. */
fun hook(
  site: Several<AnyAddress>,
  becomes: String,
  at: Several<Place>? = null,
  by: String? = null,
  each: Boolean = false,
): Table {
  return Verb("hook")
    .many(null, site)
    .language("becomes", becomes)
    .many("at", at)
    .after("by", by)
    .flag("each", each)
    .table()
}

/** Measure what values of other prompts do here. */
fun patch(
  what: Several<AnyAddress>,
  from: Any? = null,
  row: Number? = null,
  at: Several<Place>? = null,
  source: Several<Place>? = null,
  offset: Number? = null,
  by: String? = null,
  each: Boolean = false,
): Table {
  return Verb("patch")
    .many(null, what)
    .after("from", from)
    .after("row", row)
    .many("at", at)
    .many("source", source)
    .after("offset", offset)
    .after("by", by)
    .flag("each", each)
    .table()
}

/** Measure what a change does by some paths. */
fun pathpatch(
  what: Several<AnyAddress>,
  into: Several<AnyAddress>,
  through: String? = null,
  at: Several<Place>? = null,
  over: Any? = null,
  per: List<String>? = null,
  seed: Number? = null,
  by: String? = null,
  rescaled: Boolean = false,
  mean: Boolean = false,
  zero: Boolean = false,
  resample: Boolean = false,
  each: Boolean = false,
): Table {
  return Verb("pathpatch")
    .many(null, what)
    .many("into", into)
    .after("through", through)
    .many("at", at)
    .after("over", over)
    .many("per", per)
    .after("seed", seed)
    .after("by", by)
    .flag("rescaled", rescaled)
    .flag("mean", mean)
    .flag("zero", zero)
    .flag("resample", resample)
    .flag("each", each)
    .table()
}

/** Measure what SAEs in the place of values lose. */
fun splice(
  layer: Several<Layer>,
  with: String? = null,
  at: Several<Place>? = null,
  by: String? = null,
  residual: Boolean = false,
  each: Boolean = false,
): Table {
  return Verb("splice")
    .list(null, layer)
    .after("with", with)
    .many("at", at)
    .after("by", by)
    .flag("residual", residual)
    .flag("each", each)
    .table()
}

/** Measure what more or less of something does. */
fun steer(
  what: Several<AnyAddress>,
  by: Number? = null,
  along: AnyFeature? = null,
  to: Number? = null,
  scale: Number? = null,
  at: Several<Place>? = null,
  each: Boolean = false,
): Table {
  return Verb("steer")
    .many(null, what)
    .after("by", by)
    .after("along", along)
    .after("to", to)
    .after("scale", scale)
    .many("at", at)
    .flag("each", each)
    .table()
}

/** Ablate each active feature of an SAE alone. */
fun sweepFeatures(
  layer: Several<Layer>,
  at: Several<Place>? = null,
  by: String? = null,
  residual: Boolean = false,
): Table {
  return Verb("sweep features")
    .list(null, layer)
    .many("at", at)
    .after("by", by)
    .flag("residual", residual)
    .table()
}

/** Ablate each attention head alone. */
fun sweepHeads(
  layer: Several<Layer>? = null,
  at: Several<Place>? = null,
  by: String? = null,
  mean: Boolean = false,
  zero: Boolean = false,
): Table {
  return Verb("sweep heads")
    .list(null, layer)
    .many("at", at)
    .after("by", by)
    .flag("mean", mean)
    .flag("zero", zero)
    .table()
}

/** Ablate the output of each MLP alone. */
fun sweepMlps(
  at: Several<Place>? = null,
  by: String? = null,
  mean: Boolean = false,
  zero: Boolean = false,
): Table {
  return Verb("sweep mlps")
    .many("at", at)
    .after("by", by)
    .flag("mean", mean)
    .flag("zero", zero)
    .table()
}

/** Ablate or patch each site at each position alone. */
fun sweepSites(
  site: List<String>? = null,
  layers: Several<Layer>? = null,
  at: Several<Place>? = null,
  from: Any? = null,
  by: String? = null,
  mean: Boolean = false,
  zero: Boolean = false,
): Table {
  return Verb("sweep sites")
    .many(null, site)
    .list("layers", layers)
    .many("at", at)
    .after("from", from)
    .after("by", by)
    .flag("mean", mean)
    .flag("zero", zero)
    .table()
}
