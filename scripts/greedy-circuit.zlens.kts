/*
 * Takes features away one after the other, always the one whose loss costs the answer most beside
 * those already gone, until the logit difference of indirect-object prompts is below a share of what
 * it was. What is left is the smallest set of features that this search finds the answer to hang on.
 *
 *   bin/zlens run scripts/greedy-circuit.zlens.kts n=16 layer=2 share=0.5 most=8
 */
val n = args["n"]?.toInt() ?: 16
val studied = layer(args["layer"]?.toInt() ?: 2)
val share = args["share"]?.toDouble() ?: 0.5
val most = args["most"]?.toInt() ?: 8
val width = args["width"]?.toInt() ?: 6

model("sprig")
dataset("ioi", n = n, seed = 1)

fun without(features: List<Feature>): Double =
  ablate(features.together(), S2, by = "none").doubleColumn("ablated")[0]

val alone = sweepFeatures(studied, S2, by = "none")
val candidates = alone.sort(listOf("effect")).first(width).stringColumn("feature").map(::feature)
val clean = ablate(candidates.first(), S2, by = "none").doubleColumn("clean")[0]

val taken = mutableListOf<Feature>()
val left = mutableListOf(clean)
while (left.last() > share * clean && taken.size < minOf(most, candidates.size)) {
  progress("features taken away", taken.size, most)
  val (next, value) =
    (candidates - taken).map { it to without(taken + it) }.minByOrNull { it.second }!!
  taken += next
  left += value
}

val steps =
  Table.create(
    "what is left of the logit difference",
    StringColumn.create("without", listOf("nothing") + taken.map { it.toString() }),
    DoubleColumn.create("difference", left),
    DoubleColumn.create("share", left.map { it / clean }),
  )
show(steps)
println(
  if (left.last() <= share * clean) "${taken.size} features hold more than half of it: $taken"
  else "${taken.size} features of $studied are not enough"
)
let("steps", steps)
