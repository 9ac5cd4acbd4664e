// Made from the signatures of the verbs; ReferenceTest makes it anew.
package org.zlens.dsl.kotlin

import org.zlens.dsl.session.*
import tech.tablesaw.api.Table

/** Train SAEs at sites of the model. */
fun trainSae(
  site: Several<AnyAddress>,
  tokens: Number,
  to: String,
  at: String? = null,
  width: String? = null,
  recipe: String? = null,
  sparsity: Number? = null,
  k: Number? = null,
  rate: Number? = null,
  batch: Number? = null,
  resample: Number? = null,
  buffer: Number? = null,
  length: Number? = null,
  rows: Number? = null,
  seed: Number? = null,
  workers: Number? = null,
  checkpoint: Number? = null,
  cache: String? = null,
  gigabytes: Number? = null,
  resume: Boolean = false,
): Table {
  return Verb("train sae")
    .many(null, site)
    .after("tokens", tokens)
    .after("to", to)
    .after("at", at)
    .language("width", width)
    .after("recipe", recipe)
    .after("sparsity", sparsity)
    .after("k", k)
    .after("rate", rate)
    .after("batch", batch)
    .after("resample", resample)
    .after("buffer", buffer)
    .after("length", length)
    .after("rows", rows)
    .after("seed", seed)
    .after("workers", workers)
    .after("checkpoint", checkpoint)
    .after("cache", cache)
    .after("gigabytes", gigabytes)
    .flag("resume", resume)
    .table()
}

/** Make the embedded model again from nothing. */
fun trainSprig(
  to: String,
  repeats: Number? = null,
  tokens: Number? = null,
  vectors: Number? = null,
  workers: Number? = null,
): String {
  return Verb("train sprig")
    .after("to", to)
    .after("repeats", repeats)
    .after("tokens", tokens)
    .after("vectors", vectors)
    .after("workers", workers)
    .text()
}
