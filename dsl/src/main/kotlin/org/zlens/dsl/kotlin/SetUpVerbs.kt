// Made from the signatures of the verbs; ReferenceTest makes it anew.
package org.zlens.dsl.kotlin

import org.zlens.dsl.session.*
import tech.tablesaw.api.Table

/** Name the text to train SAEs on, or show which it is. */
fun corpus(
  file: List<String>? = null,
  column: String? = null,
  seed: Number? = null,
): Table {
  return Verb("corpus").many(null, file).after("column", column).after("seed", seed).table()
}

/** Draw prompts of a task, labelled and with answers. */
fun dataset(
  name: String,
  file: String? = null,
  n: Number? = null,
  seed: Number? = null,
  templates: List<String>? = null,
  names: List<String>? = null,
  variant: String? = null,
  joiner: String? = null,
  prefix: List<Number>? = null,
  length: Number? = null,
  filler: Boolean = false,
  bos: Boolean = false,
  nobos: Boolean = false,
  aside: Boolean = false,
): PromptSetValue {
  return Verb("dataset")
    .argument(name)
    .argument(file)
    .after("n", n)
    .after("seed", seed)
    .many("templates", templates)
    .list("names", names)
    .after("variant", variant)
    .after("joiner", joiner)
    .list("prefix", prefix)
    .after("length", length)
    .flag("filler", filler)
    .flag("bos", bos)
    .flag("nobos", nobos)
    .flag("aside", aside)
    .prompts()
}

/** List what can be computed on, or choose it. */
fun device(name: String? = null, dtype: String? = null): Table {
  return Verb("device").argument(name).after("dtype", dtype).table()
}

/** List what of the hub is on this machine. */
fun hubCache(): Table {
  return Verb("hub cache").table()
}

/** List the models that have names. */
fun hubModels(): Table {
  return Verb("hub models").table()
}

/** List the releases of SAEs that have names. */
fun hubSaes(): Table {
  return Verb("hub saes").table()
}

/** Name a position of the prompts. */
fun mark(labelPlace: String): PromptSetValue {
  return Verb("mark").language(null, labelPlace).prompts()
}

/** Choose what is measured, or show the metrics. */
fun metric(
  metric: String? = null,
  of: String? = null,
  at: Several<Place>? = null,
  from: Place? = null,
  to: Place? = null,
): Table {
  return Verb("metric")
    .language(null, metric)
    .after("of", of)
    .many("at", at)
    .after("from", from)
    .after("to", to)
    .table()
}

/** Load the model to work on, or show the one there is. */
fun model(
  name: String? = null,
  processing: String? = null,
  revision: String? = null,
  update: Boolean = false,
): Table {
  return Verb("model")
    .argument(name)
    .language("processing", processing)
    .after("revision", revision)
    .flag("update", update)
    .table()
}

/** Give the model a text to go on from. */
@JvmName("promptText")
fun prompt(
  text: String,
  answer: String? = null,
  over: String? = null,
  bos: Boolean = false,
  nobos: Boolean = false,
): PromptSetValue {
  return Verb("prompt")
    .argument(text)
    .after("answer", answer)
    .after("over", over)
    .flag("bos", bos)
    .flag("nobos", nobos)
    .prompts()
}

/** Give the model a text to go on from. */
@JvmName("promptTokens")
fun prompt(
  tokens: List<Number>,
  answer: String? = null,
  over: String? = null,
  bos: Boolean = false,
  nobos: Boolean = false,
): PromptSetValue {
  return Verb("prompt")
    .list("tokens", tokens)
    .after("answer", answer)
    .after("over", over)
    .flag("bos", bos)
    .flag("nobos", nobos)
    .prompts()
}

/** Attach SAEs to the model, or list those attached. */
fun sae(
  source: String? = null,
  at: Site? = null,
  revision: String? = null,
  update: Boolean = false,
): Table {
  return Verb("sae")
    .argument(source)
    .after("at", at)
    .after("revision", revision)
    .flag("update", update)
    .table()
}

/** List the SAEs by what they compute. */
fun saeList(): Table {
  return Verb("sae list").table()
}

/** Show all that is known of the SAEs of a layer. */
fun saeShow(layer: Layer): Table {
  return Verb("sae show").argument(layer).table()
}

/** Choose where the random choices of commands start. */
fun seed(number: Number? = null): Double {
  return Verb("seed").argument(number).number()
}

/** List the tokens of the prompts, or of a text. */
fun tokens(
  text: String? = null,
  by: AnyFeature? = null,
  losses: Boolean = false,
): Table {
  return Verb("tokens").argument(text).after("by", by).flag("losses", losses).table()
}
