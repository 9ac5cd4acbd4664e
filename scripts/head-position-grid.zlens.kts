/*
 * Which heads matter at which of the named places? Ablates every head of a model at each place alone
 * and shows the effects on the logit difference as a grid; then asks whether a head's effect at S2
 * goes with its part in the feature that is strongest there, as direct feature attribution has it.
 *
 *   bin/zlens run scripts/head-position-grid.zlens.kts n=16
 */
import kotlin.math.abs

val n = args["n"]?.toInt() ?: 16

model("sprig")
dataset("ioi", n = n, seed = 1)

val places = mapOf("IO" to IO, "S1" to S1, "S2" to S2, "END" to END)
val sweeps =
  places.mapValues { (_, place) ->
    sweepHeads(at = place, by = "none").associate { it.getString("head") to it.getDouble("effect") }
  }
val heads = sweeps.getValue("S2").keys.sorted()
val grid =
  Table.create(
    "what ablating a head at one place does to the logit difference",
    StringColumn.create("head", heads),
  )
for ((name, column) in sweeps) {
  grid.addColumns(DoubleColumn.create(name, heads.map { column.getValue(it) }))
}
val most = DoubleColumn.create("most", grid.map { row -> places.keys.maxOf { abs(row.getDouble(it)) } })
show(grid.addColumns(most).sortDescendingOn("most").first(10))

val strongest = feature(features(L2, S2, top = 1).stringColumn("feature")[0])
val parts = dfa(strongest, S2, by = "head")
val effects = grid.associate { it.getString("head") to it.getDouble("S2") }
// A row of Tablesaw is a window that moves on, so what is kept of it are numbers.
val pairs =
  parts.mapNotNull { row ->
    effects[row.getString("part")]?.let { row.getDouble("contribution") to it }
  }
val part = DoubleColumn.create("part", pairs.map { it.first })
val effect = DoubleColumn.create("effect", pairs.map { it.second })
val correlation = part.pearsons(effect)
println("heads of layer 2: their parts in $strongest and their effects at S2 correlate at %.2f".format(correlation))
let("grid", grid)
let("correlation", correlation)
