package org.zlens.dsl.kotlin

import org.zlens.dsl.command.Position
import org.zlens.dsl.syntax.Address

/** The first mention of the subject, a label of the IOI prompts. */
val S1 = label("S1")

/** The second mention of the subject, a label of the IOI prompts. */
val S2 = label("S2")

/** The indirect object, a label of the IOI prompts. */
val IO = label("IO")

/** The last token. */
val END = Place(Position.End(0))

/** Every token. */
val ALL = Place(Position.All())

/** A place that the data set or `mark` has given this name. */
fun label(name: String) = Place(Position.Label(name, 0))

/** A token by number, from 0. */
fun token(index: Int) = Place(Position.Index(index))

/** Where a text stands for the n-th time, counting from 1: `" Bob" nth 2`. */
infix fun String.nth(number: Int) = Place(Position.Occurrence(this, number, 0))

/** The union of where a place lies in all prompts, in each of them: `any(S2)`. */
fun any(place: Place) = Place(Position.Any(place.position))

/** Both: `S1 and S2`. */
infix fun <T> Several<T>.and(other: Several<T>): Several<T> = Together(all + other.all)

/** All of them as one argument. */
fun <T> Iterable<Several<T>>.together(): Several<T> = Together(flatMap { it.all })

/** A layer by number, where `L5` will not do. */
fun layer(index: Int) = Layer(index)

/** A hook site by its short or its full name. */
fun site(name: String) = Site(name)

/** The feature that a cell of a table names: `feature("L5.F44256")`. */
fun feature(text: String): Feature {
  val address = Address.parse(text) as? Address.Feature
  requireNotNull(address) { "expected a feature such as L2.F417, found '$text'" }
  return Feature(address.`in`(), address.index())
}

/** The residual feature that a cell of a table names: `residualFeature("L9.R16927")`. */
fun residualFeature(text: String): ResidualFeature {
  val address = Address.parse(text) as? Address.ResidualFeature
  requireNotNull(address) { "expected a residual feature such as L3.R1022, found '$text'" }
  return ResidualFeature(address.`in`(), address.index())
}

/** The head that a cell of a table names: `head("L5.H1")`. */
fun head(text: String): Head {
  val address = Address.parse(text) as? Address.Head
  requireNotNull(address) { "expected a head such as L2.H5, found '$text'" }
  return Head(address.`in`(), address.index())
}
