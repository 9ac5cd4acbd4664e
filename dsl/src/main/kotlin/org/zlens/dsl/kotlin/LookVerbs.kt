// Made from the signatures of the verbs; ReferenceTest makes it anew.
package org.zlens.dsl.kotlin

import org.zlens.dsl.session.*
import tech.tablesaw.api.Table

/** Keep the values at sites as tensors. */
@JvmName("captureAll")
fun capture(all: Boolean): TensorValue {
  return Verb("capture").flag("all", all).tensors()
}

/** Keep the values at sites as tensors. */
@JvmName("captureSite")
fun capture(site: Several<Site>): TensorValue {
  return Verb("capture").many(null, site).tensors()
}

/** Make pages of features: examples, sources, logits. */
@JvmName("dashboardWhat")
fun dashboard(
  what: Several<AnyAddress>,
  top: Number? = null,
  proxy: String? = null,
  seed: Number? = null,
  to: String? = null,
  neuronpedia: String? = null,
  on: List<String>? = null,
  tokens: Number? = null,
  length: Number? = null,
  dead: Boolean = false,
  residual: Boolean = false,
): PageValue {
  return Verb("dashboard")
    .many(null, what)
    .after("top", top)
    .language("proxy", proxy)
    .after("seed", seed)
    .after("to", to)
    .after("neuronpedia", neuronpedia)
    .many("on", on)
    .after("tokens", tokens)
    .after("length", length)
    .flag("dead", dead)
    .flag("residual", residual)
    .page()
}

/** Make pages of features: examples, sources, logits. */
@JvmName("dashboardAll")
fun dashboard(
  all: String,
  top: Number? = null,
  proxy: String? = null,
  seed: Number? = null,
  to: String? = null,
  neuronpedia: String? = null,
  on: List<String>? = null,
  tokens: Number? = null,
  length: Number? = null,
  dead: Boolean = false,
  residual: Boolean = false,
): PageValue {
  return Verb("dashboard")
    .after("all", all)
    .after("top", top)
    .language("proxy", proxy)
    .after("seed", seed)
    .after("to", to)
    .after("neuronpedia", neuronpedia)
    .many("on", on)
    .after("tokens", tokens)
    .after("length", length)
    .flag("dead", dead)
    .flag("residual", residual)
    .page()
}

/** List the tokens that a feature promotes and suppresses. */
fun effect(feature: AnyFeature, top: Number? = null): Table {
  return Verb("effect").argument(feature).after("top", top).table()
}

/** Open the running session as a page in a browser. */
fun explore(port: Number? = null, off: Boolean = false) {
  Verb("explore").after("port", port).flag("off", off).value()
}

/** List the features that are active in the prompts. */
fun features(
  layer: Layer,
  at: Several<Place>? = null,
  top: Number? = null,
  residual: Boolean = false,
  each: Boolean = false,
): Table {
  return Verb("features")
    .argument(layer)
    .many("at", at)
    .after("top", top)
    .flag("residual", residual)
    .flag("each", each)
    .table()
}

/** Let the model go on from the prompts. */
fun generate(
  tokens: Number? = null,
  temperature: Number? = null,
  top: Number? = null,
  seed: Number? = null,
): Table {
  return Verb("generate")
    .argument(tokens)
    .after("temperature", temperature)
    .after("top", top)
    .after("seed", seed)
    .table()
}

/** Say which heads write a feature, from the weights alone. */
@JvmName("headsFeature")
fun heads(feature: Feature, top: Number? = null): Table {
  return Verb("heads").argument(feature).after("top", top).table()
}

/** Say which heads write a feature, from the weights alone. */
@JvmName("headsHead")
fun heads(head: Head, top: Number? = null): Table {
  return Verb("heads").argument(head).after("top", top).table()
}

/** List the tokens that the model expects next. */
fun logits(at: Several<Place>? = null, top: Number? = null): Table {
  return Verb("logits").list("at", at).after("top", top).table()
}

/** List how much heads attend to each position. */
fun pattern(
  head: Several<Head>,
  at: Several<Place>? = null,
  mean: Boolean = false,
): Table {
  return Verb("pattern").many(null, head).list("at", at).flag("mean", mean).table()
}

/** List the model's hook sites, with both names and shapes. */
fun sites(layer: Layer? = null): Table {
  return Verb("sites").argument(layer).table()
}
