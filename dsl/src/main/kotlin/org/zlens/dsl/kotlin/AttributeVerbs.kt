// Made from the signatures of the verbs; ReferenceTest makes it anew.
package org.zlens.dsl.kotlin

import org.zlens.dsl.session.*
import tech.tablesaw.api.Table

/** Split a feature by head and source position. */
fun dfa(
  feature: Feature,
  at: Place? = null,
  by: String? = null,
  each: Boolean = false,
): Table {
  return Verb("dfa").argument(feature).after("at", at).after("by", by).flag("each", each).table()
}

/** Split a logit difference by what wrote it. */
fun dla(
  at: Place? = null,
  of: String? = null,
  over: String? = null,
  by: String? = null,
  each: Boolean = false,
): Table {
  return Verb("dla")
    .after("at", at)
    .after("of", of)
    .after("over", over)
    .after("by", by)
    .flag("each", each)
    .table()
}

/** Follow a feature upstream, source by source. */
fun rdfa(
  feature: Feature,
  at: Place? = null,
  prompt: Number? = null,
  depth: Number? = null,
  width: Number? = null,
  threshold: Number? = null,
  via: String? = null,
): TreeValue {
  return Verb("rdfa")
    .argument(feature)
    .after("at", at)
    .after("prompt", prompt)
    .after("depth", depth)
    .after("width", width)
    .after("threshold", threshold)
    .after("via", via)
    .tree()
}
