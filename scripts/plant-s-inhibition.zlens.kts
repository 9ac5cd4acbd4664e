/*
 * Writes the planted model of examples/s-inhibition-qk: a GPT-2 of four layers in which a head of
 * layer 2 does what the paper says of the S-inhibition heads of GPT-2 Small. No weight of it is
 * trained; what every head does is put in here, beside some noise that nobody explains. Its words
 * are sprig's. The same seed writes the same bytes.
 *
 *   bin/zlens run scripts/plant-s-inhibition.zlens.kts to=examples/s-inhibition-qk/planted
 *
 *   L0.H0  sees whether the token before is " and", and writes that
 *   L1.H0  finds the earlier mention of a name, and writes at the second one, S2, that there is one and
 *          whether it came after " and": ABBA if so, BABA if not; an SAE feature for either
 *   L2.H0  looks from " to" at S2 and moves there which of the two it is: the S-inhibition
 *   L3.H0  looks from " to" at the names, at the one after " and" more in BABA and less in ABBA because
 *          of what L2.H0 moved, and promotes the one that it sees: the name mover
 *   H1     of every layer is noise
 */
import java.nio.FloatBuffer
import java.nio.file.Files
import java.nio.file.Path
import java.util.Random
import kotlin.math.abs
import kotlin.math.sqrt
import org.zlens.engine.data.IoiWords
import org.zlens.engine.io.ElementType
import org.zlens.engine.io.SafetensorsWriter
import org.zlens.engine.model.LanguageModel
import org.zlens.engine.model.ModelLoader
import org.zlens.engine.model.WeightStep
import org.zlens.engine.sae.InputNormalization
import org.zlens.engine.sae.SaeConfig
import org.zlens.engine.sae.SaeEncoder
import org.zlens.engine.sae.SaeLensWriter
import org.zlens.engine.sae.SaeSource
import org.zlens.engine.sae.SaeWeights
import org.zlens.engine.sae.WeightBasis

val to = Path.of(args["to"] ?: "planted")
val width = 96
val heads = 2
val size = width / heads
val layers = 4
val context = 128
val random = Random((args["seed"] ?: "18").toLong())

// ---- directions: an orthonormal basis of the vectors without a mean, which norms leave alone

fun dot(a: FloatArray, b: FloatArray) = a.indices.sumOf { a[it].toDouble() * b[it] }

fun unit(a: FloatArray): FloatArray {
  val length = sqrt(dot(a, a))
  return FloatArray(a.size) { (a[it] / length).toFloat() }
}

fun gaussian(count: Int) = FloatArray(count) { random.nextGaussian().toFloat() }

fun add(a: FloatArray, b: FloatArray, by: Double) {
  for (i in a.indices) a[i] += (by * b[i]).toFloat()
}

val basis = mutableListOf(unit(FloatArray(width) { 1f }))
while (basis.size < width) {
  val next = gaussian(width)
  repeat(2) { basis.forEach { add(next, it, -dot(next, it)) } }
  basis.add(unit(next))
}
basis.removeAt(0)

val names = 0 until 24
val words = 24 until 48
val places = 48 until 64
val flags = listOf("name", "and", "to", "start", "any", "after and", "twice", "twice after and", "abba", "baba")
val noise = 74 until 95

fun flag(name: String) = basis[64 + flags.indexOf(name)]

fun within(dimensions: IntRange, coordinates: FloatArray): FloatArray {
  val vector = FloatArray(width)
  coordinates.forEachIndexed { i, value -> add(vector, basis[dimensions.first + i], value.toDouble()) }
  return vector
}

fun some(dimensions: IntRange) = within(dimensions, unit(gaussian(dimensions.count())))

/** A direction for each name, as far from those before as the best of a hundred. */
val ofNames = mutableListOf<FloatArray>()
for (name in IoiWords.NAMES) {
  val best = (1..100).map { some(names) }.minByOrNull { one -> ofNames.maxOfOrNull { abs(dot(one, it)) } ?: 0.0 }
  ofNames.add(best!!)
}

// ---- embeddings

val sprig: LanguageModel = ModelLoader.load(ModelLoader.SPRIG, WeightStep.all())
val vocabulary = sprig.config().dVocab()
val start = vocabulary - 1
val nameIds = IoiWords.NAMES.map { sprig.tokenizer().singleId(" $it") }
val andId = sprig.tokenizer().singleId(" and")
val toId = sprig.tokenizer().singleId(" to")
sprig.close()

val tokens = FloatArray(vocabulary * width)
for (id in 0 until vocabulary) {
  val token = FloatArray(width)
  add(token, flag("any"), 1.0)
  add(token, some(noise), 0.5)
  if (id in nameIds) {
    add(token, ofNames[nameIds.indexOf(id)], 1.0)
    add(token, flag("name"), 1.0)
  } else {
    add(token, some(words), 1.0)
  }
  mapOf(andId to "and", toId to "to", start to "start")[id]?.let { add(token, flag(it), 1.0) }
  token.copyInto(tokens, id * width)
}

/** Where two places are {@code d} apart, a shift by d; the kernel is 1 at 0 and 0 up to 15 around it. */
fun place(position: Int): FloatArray =
  FloatArray(places.count()) { i ->
    val angle = StrictMath.PI * (i / 2 + 0.5) / 8 * position
    ((if (i % 2 == 0) StrictMath.cos(angle) else StrictMath.sin(angle)) / sqrt(8.0)).toFloat()
  }

val positions = FloatArray(context * width)
for (position in 0 until context) within(places, place(position)).copyInto(positions, position * width)

// ---- heads

/** Norms make vectors this much longer, about. */
val norm = 4.6

class Made {
  val q = FloatArray(width * width) { 0.01f * random.nextGaussian().toFloat() }
  val k = FloatArray(width * width) { 0.01f * random.nextGaussian().toFloat() }
  val v = FloatArray(width * width) { 0.01f * random.nextGaussian().toFloat() }
  val o = FloatArray(width * width) { 0.005f * random.nextGaussian().toFloat() }

  init {
    for (component in size until width) {
      reads(v, component, some(noise), 0.3)
      writes(component, some(noise), 0.1)
    }
  }

  /** A component of the heads reads a direction. */
  fun reads(matrix: FloatArray, component: Int, direction: FloatArray, by: Double) {
    for (d in 0 until width) matrix[d * width + component] += (by * direction[d]).toFloat()
  }

  fun asks(component: Int, direction: FloatArray, by: Double) = reads(q, component, direction, by)

  fun offers(component: Int, direction: FloatArray, by: Double) = reads(k, component, direction, by)

  fun takes(component: Int, direction: FloatArray) = reads(v, component, direction, 1 / norm)

  fun writes(component: Int, direction: FloatArray, by: Double) {
    for (d in 0 until width) o[component * width + d] += (by * direction[d]).toFloat()
  }

  /** Looks at the beginning where there is nothing else to look at. */
  fun rests(component: Int, by: Double) {
    asks(component, flag("any"), by)
    offers(component, flag("start"), by)
  }
}

val all = List(layers) { Made() }
val turn = place(1).map { it * sqrt(8.0) }
with(all[0]) {
  for (i in 0 until places.count() step 2) {
    val even = basis[places.first + i]
    val odd = basis[places.first + i + 1]
    // The place before: turned back by one.
    asks(i, even, 2.1 * turn[i])
    asks(i, odd, 2.1 * turn[i + 1])
    asks(i + 1, odd, 2.1 * turn[i])
    asks(i + 1, even, -2.1 * turn[i + 1])
    offers(i, even, 2.1)
    offers(i + 1, odd, 2.1)
  }
  takes(0, flag("and"))
  writes(0, flag("after and"), 1.0)
}
with(all[1]) {
  for (i in 0 until names.count()) {
    asks(i, basis[names.first + i], 2.3)
    offers(i, basis[names.first + i], 2.3)
  }
  for (i in 0 until places.count()) {
    // Not at itself.
    asks(24 + i, basis[places.first + i], -2.6)
    offers(24 + i, basis[places.first + i], 2.6)
  }
  rests(40, 1.8)
  takes(0, flag("name"))
  takes(1, flag("after and"))
  writes(0, flag("twice"), 1.0)
  writes(1, flag("twice after and"), 1.25)
}
with(all[2]) {
  asks(0, flag("to"), 2.8)
  offers(0, flag("twice"), 2.8)
  rests(1, 1.4)
  takes(0, flag("twice"))
  reads(v, 0, flag("twice after and"), -1 / norm)
  takes(1, flag("twice after and"))
  writes(0, flag("baba"), 1.0)
  writes(1, flag("abba"), 1.0)
}
with(all[3]) {
  asks(0, flag("to"), 1.7)
  offers(0, flag("name"), 1.7)
  offers(0, flag("twice"), -2.6)
  asks(1, flag("baba"), 1.35)
  asks(1, flag("abba"), -2.4)
  offers(1, flag("after and"), 1.35)
  rests(2, 1.2)
  for (i in 0 until names.count()) {
    takes(3 + i, basis[names.first + i])
    writes(3 + i, basis[names.first + i], 3.0)
  }
}

// ---- the files

Files.createDirectories(to)
val file = SafetensorsWriter().metadata("format", "pt")

fun tensor(name: String, values: FloatArray, vararg shape: Long) {
  file.add(name, ElementType.F16, shape, FloatBuffer.wrap(values))
}

val wide = width.toLong()
val inner = 8L
tensor("transformer.wte.weight", tokens, vocabulary.toLong(), wide)
tensor("transformer.wpe.weight", positions, context.toLong(), wide)
all.forEachIndexed { number, layer ->
  val at = "transformer.h.$number."
  val joined = FloatArray(3 * width * width)
  for (d in 0 until width) {
    listOf(layer.q, layer.k, layer.v).forEachIndexed { which, matrix ->
      matrix.copyInto(joined, (3 * d + which) * width, d * width, (d + 1) * width)
    }
  }
  for (name in listOf("ln_1", "ln_2")) {
    tensor("$at$name.weight", FloatArray(width) { 1f }, wide)
    tensor("$at$name.bias", FloatArray(width), wide)
  }
  tensor("${at}attn.c_attn.weight", joined, wide, 3 * wide)
  tensor("${at}attn.c_attn.bias", FloatArray(3 * width), 3 * wide)
  tensor("${at}attn.c_proj.weight", layer.o, wide, wide)
  tensor("${at}attn.c_proj.bias", FloatArray(width), wide)
  tensor("${at}mlp.c_fc.weight", FloatArray(width * inner.toInt()), wide, inner)
  tensor("${at}mlp.c_fc.bias", FloatArray(inner.toInt()), inner)
  tensor("${at}mlp.c_proj.weight", FloatArray(width * inner.toInt()), inner, wide)
  tensor("${at}mlp.c_proj.bias", FloatArray(width), wide)
}
tensor("transformer.ln_f.weight", FloatArray(width) { 1f }, wide)
tensor("transformer.ln_f.bias", FloatArray(width), wide)
file.write(to.resolve("model.safetensors"))
Files.writeString(
  to.resolve("config.json"),
  """
  {
    "architectures": ["GPT2LMHeadModel"],
    "model_type": "gpt2",
    "activation_function": "gelu_new",
    "bos_token_id": $start,
    "eos_token_id": $start,
    "layer_norm_epsilon": 1e-05,
    "n_embd": $width,
    "n_head": $heads,
    "n_inner": $inner,
    "n_layer": $layers,
    "n_positions": $context,
    "n_ctx": $context,
    "vocab_size": $vocabulary,
    "tie_word_embeddings": true
  }
  """.trimIndent() + "\n",
)
Files.write(
  to.resolve("tokenizer.json"),
  ModelLoader::class.java.getResourceAsStream("/org/zlens/engine/sprig/tokenizer.json")!!.readBytes(),
)

// ---- SAEs: features that say what was planted, and some that say nothing

class Direction(val reads: FloatArray, val bias: Double, val writes: FloatArray)

fun component(vararg values: Pair<Int, Double>): FloatArray {
  val vector = FloatArray(width)
  values.forEach { (at, value) -> vector[at] = value.toFloat() }
  return vector
}

fun sae(hook: String, layer: Int, perHead: Boolean, mean: FloatArray, features: List<Direction>) {
  val count = features.size
  val encoder = FloatArray(width * count)
  val decoder = FloatArray(count * width)
  features.forEachIndexed { number, feature ->
    for (d in 0 until width) {
      encoder[d * count + number] = feature.reads[d]
      decoder[number * width + d] = feature.writes[d]
    }
  }
  val folder = to.resolve("saes").resolve("blocks.$layer.$hook")
  val config =
    SaeConfig(
      width, count, "blocks.$layer.$hook", layer, true, InputNormalization.NONE, perHead, "planted", true, context,
      WeightBasis.PROCESSED, SaeSource.made(folder, mapOf()),
    )
  val bias = FloatArray(count) { features[it].bias.toFloat() }
  SaeLensWriter.write(
    folder,
    SaeWeights(config, SaeEncoder.Relu(), encoder, decoder, bias, mean, FloatArray(0)),
    ElementType.F16,
  )
}

/** Directions of the noisy head. */
fun meaningless() = List(6) {
  val direction = FloatArray(width)
  unit(gaussian(size)).copyInto(direction, size)
  Direction(direction, -0.1, direction)
}

val none = FloatArray(width)
val half = 1 / sqrt(2.0)
val first = component(0 to 1.0)
sae("attn.hook_z", 0, true, none, listOf(Direction(first, -0.2, first)) + meaningless())
val baba = Direction(component(0 to 1.25, 1 to -2.5), -0.2, first)
val abba = Direction(component(1 to 2.5 * half), -0.2, component(0 to half, 1 to half))
sae("attn.hook_z", 1, true, none, listOf(baba, abba) + meaningless())
val second = component(1 to 1.0)
sae("attn.hook_z", 2, true, none, listOf(Direction(first, -0.2, first), Direction(second, -0.2, second)) + meaningless())
val said = (flags - "any").map { Direction(flag(it), -0.1, flag(it)) }
sae("hook_resid_pre", 3, false, flag("any"), said + ofNames.map { Direction(it, -0.55, it) })
println("wrote $to")
