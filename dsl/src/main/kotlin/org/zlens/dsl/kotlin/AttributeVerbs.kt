// Made from the signatures of the verbs; ReferenceTest makes it anew.
package org.zlens.dsl.kotlin

import org.zlens.dsl.session.*
import tech.tablesaw.api.Table

/** Estimate by gradients what ablating each active feature would do. */
fun attributeFeatures(
  layer: Several<Layer>,
  at: Several<Place>? = null,
  by: String? = null,
  steps: Number? = null,
  exact: Number? = null,
  residual: Boolean = false,
): Table {
  return Verb("attribute features")
    .list(null, layer)
    .many("at", at)
    .after("by", by)
    .after("steps", steps)
    .after("exact", exact)
    .flag("residual", residual)
    .table()
}

/** Estimate by gradients what ablating each attention head would do. */
fun attributeHeads(
  layer: Several<Layer>? = null,
  at: Several<Place>? = null,
  by: String? = null,
  steps: Number? = null,
  exact: Number? = null,
  mean: Boolean = false,
  zero: Boolean = false,
): Table {
  return Verb("attribute heads")
    .list(null, layer)
    .many("at", at)
    .after("by", by)
    .after("steps", steps)
    .after("exact", exact)
    .flag("mean", mean)
    .flag("zero", zero)
    .table()
}

/** Estimate by gradients what changing each site at each position would do. */
fun attributeSites(
  site: List<String>? = null,
  layers: Several<Layer>? = null,
  at: Several<Place>? = null,
  from: Any? = null,
  by: String? = null,
  steps: Number? = null,
  exact: Number? = null,
  mean: Boolean = false,
  zero: Boolean = false,
): Table {
  return Verb("attribute sites")
    .many(null, site)
    .list("layers", layers)
    .many("at", at)
    .after("from", from)
    .after("by", by)
    .after("steps", steps)
    .after("exact", exact)
    .flag("mean", mean)
    .flag("zero", zero)
    .table()
}

/** Measure how much of a metric circuits of growing size are. */
fun circuitCurve(
  layer: Several<Layer>,
  at: Several<Place>? = null,
  absent: String? = null,
  threshold: Number? = null,
  most: Number? = null,
  steps: Number? = null,
  residual: Boolean = false,
  together: Boolean = false,
): Table {
  return Verb("circuit curve")
    .list(null, layer)
    .many("at", at)
    .after("absent", absent)
    .after("threshold", threshold)
    .after("most", most)
    .after("steps", steps)
    .flag("residual", residual)
    .flag("together", together)
    .table()
}

/** Draw the circuit of features that a metric hangs on. */
fun circuitFeatures(
  layer: Several<Layer>,
  at: Several<Place>? = null,
  absent: String? = null,
  threshold: Number? = null,
  most: Number? = null,
  edges: Number? = null,
  steps: Number? = null,
  residual: Boolean = false,
  together: Boolean = false,
): GraphValue {
  return Verb("circuit features")
    .list(null, layer)
    .many("at", at)
    .after("absent", absent)
    .after("threshold", threshold)
    .after("most", most)
    .after("edges", edges)
    .after("steps", steps)
    .flag("residual", residual)
    .flag("together", together)
    .graph()
}

/** Measure what a circuit loses without each of its nodes. */
fun circuitMinimality(
  layer: Several<Layer>,
  at: Several<Place>? = null,
  absent: String? = null,
  threshold: Number? = null,
  most: Number? = null,
  steps: Number? = null,
  residual: Boolean = false,
  together: Boolean = false,
): Table {
  return Verb("circuit minimality")
    .list(null, layer)
    .many("at", at)
    .after("absent", absent)
    .after("threshold", threshold)
    .after("most", most)
    .after("steps", steps)
    .flag("residual", residual)
    .flag("together", together)
    .table()
}

/** List the features and errors that a metric hangs on. */
fun circuitNodes(
  layer: Several<Layer>,
  at: Several<Place>? = null,
  absent: String? = null,
  threshold: Number? = null,
  most: Number? = null,
  steps: Number? = null,
  residual: Boolean = false,
  together: Boolean = false,
): Table {
  return Verb("circuit nodes")
    .list(null, layer)
    .many("at", at)
    .after("absent", absent)
    .after("threshold", threshold)
    .after("most", most)
    .after("steps", steps)
    .flag("residual", residual)
    .flag("together", together)
    .table()
}

/** Split a feature by head and source position. */
fun dfa(
  feature: Feature,
  at: Several<Place>? = null,
  by: String? = null,
  keep: Number? = null,
  above: Number? = null,
  on: List<String>? = null,
  tokens: Number? = null,
  length: Number? = null,
  each: Boolean = false,
): Table {
  return Verb("dfa")
    .argument(feature)
    .many("at", at)
    .after("by", by)
    .after("keep", keep)
    .after("above", above)
    .many("on", on)
    .after("tokens", tokens)
    .after("length", length)
    .flag("each", each)
    .table()
}

/** Split a logit difference by what wrote it. */
fun dla(
  at: Place? = null,
  of: String? = null,
  over: String? = null,
  by: String? = null,
  scale: Layer? = null,
  each: Boolean = false,
): Table {
  return Verb("dla")
    .after("at", at)
    .after("of", of)
    .after("over", over)
    .after("by", by)
    .after("scale", scale)
    .flag("each", each)
    .table()
}

/** Make a graph of an attribution, and prune it. */
fun Value.graph(nodes: Number? = null, edges: Number? = null): GraphValue {
  return Verb("graph", this).after("nodes", nodes).after("edges", edges).graph()
}

/** Split an attention score by query and key features. */
fun qk(
  head: Head,
  on: Place,
  at: Place? = null,
  queries: String? = null,
  keys: String? = null,
  via: Head? = null,
  from: Place? = null,
  written: Layer? = null,
  by: String? = null,
  top: Number? = null,
  prompt: Number? = null,
): Table {
  return Verb("qk")
    .argument(head)
    .after("on", on)
    .after("at", at)
    .after("queries", queries)
    .after("keys", keys)
    .after("via", via)
    .after("from", from)
    .after("written", written)
    .after("by", by)
    .after("top", top)
    .after("prompt", prompt)
    .table()
}

/** Follow a feature upstream, source by source. */
fun rdfa(
  what: AnyAddress? = null,
  token: String? = null,
  over: String? = null,
  at: Place? = null,
  prompt: Number? = null,
  depth: Number? = null,
  width: Number? = null,
  threshold: Number? = null,
  via: String? = null,
  by: String? = null,
  with: String? = null,
  across: String? = null,
  logit: Boolean = false,
  mlps: Boolean = false,
  signed: Boolean = false,
  audit: Boolean = false,
): TreeValue {
  return Verb("rdfa")
    .argument(what)
    .argument(token)
    .after("over", over)
    .after("at", at)
    .after("prompt", prompt)
    .after("depth", depth)
    .after("width", width)
    .after("threshold", threshold)
    .after("via", via)
    .after("by", by)
    .after("with", with)
    .after("across", across)
    .flag("logit", logit)
    .flag("mlps", mlps)
    .flag("signed", signed)
    .flag("audit", audit)
    .tree()
}
