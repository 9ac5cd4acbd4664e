/*
 * How sure is the effect of an ablation? Draws the prompts again and again with replacement, and
 * gives the mean effect with its interval for each order of the names and for all prompts, beside
 * the interval that a normal distribution would give.
 *
 *   bin/zlens run scripts/bootstrap-ablation.zlens.kts n=40 draws=2000 seed=7
 */
import java.util.Random
import kotlin.math.sqrt
import org.apache.commons.statistics.distribution.NormalDistribution

val n = args["n"]?.toInt() ?: 40
val draws = args["draws"]?.toInt() ?: 2000
val random = Random(args["seed"]?.toLong() ?: 7)

model("sprig")
dataset("ioi", n = n, seed = 1)
val strongest = feature(features(L2, S2, top = 1).stringColumn("feature")[0])
val each = ablate(strongest, S2, by = "order", each = true)

fun mean(values: DoubleArray) = values.average()

fun interval(values: DoubleArray): Pair<Double, Double> {
  val means = DoubleArray(draws) { mean(DoubleArray(values.size) { values[random.nextInt(values.size)] }) }
  means.sort()
  return means[(0.025 * (draws - 1)).toInt()] to means[(0.975 * (draws - 1)).toInt()]
}

val groups = mutableMapOf("all" to each.doubleColumn("delta").asDoubleArray())
for (order in each.stringColumn("order").unique().sorted()) {
  groups[order] = each.where("order = \"$order\"").doubleColumn("delta").asDoubleArray()
}

val z = NormalDistribution.of(0.0, 1.0).inverseCumulativeProbability(0.975)
val table =
  Table.create(
    "the effect of $strongest at S2 on the logit difference, with 95% intervals",
    StringColumn.create("order"),
    IntColumn.create("prompts"),
    DoubleColumn.create("mean"),
    DoubleColumn.create("low"),
    DoubleColumn.create("high"),
    DoubleColumn.create("normal_low"),
    DoubleColumn.create("normal_high"),
  )
for ((order, deltas) in groups) {
  val (low, high) = interval(deltas)
  val middle = mean(deltas)
  val spread = sqrt(deltas.sumOf { (it - middle) * (it - middle) } / (deltas.size - 1))
  val half = z * spread / sqrt(deltas.size.toDouble())
  table.stringColumn("order").append(order)
  table.intColumn("prompts").append(deltas.size)
  listOf(middle, low, high, middle - half, middle + half).forEachIndexed { i, value ->
    table.doubleColumn(i + 2).append(value)
  }
}
show(table)
let("intervals", table)
let("effects", each)
