package org.zlens.dsl.kotlin

import org.zlens.dsl.command.Position
import org.zlens.engine.ZlensException
import org.zlens.engine.ZlensException.Kind

/** A place in prompts, which each prompt resolves for itself: `S2`, `END - 1`, `" Bob" nth 2`. */
data class Place(val position: Position) : Several<Place> {
  override val all
    get() = listOf(this)

  /** The place so many tokens after it. */
  operator fun plus(tokens: Int): Place =
    Place(
      when (position) {
        is Position.Label -> Position.Label(position.name(), position.offset() + tokens)
        is Position.Occurrence ->
          Position.Occurrence(position.word(), position.number(), position.offset() + tokens)
        is Position.Index -> Position.Index(position.index() + tokens)
        is Position.End -> Position.End(position.offset() + tokens)
        else -> throw ZlensException(Kind.TYPE, "'ALL' cannot be moved by $tokens", null)
      }
    )

  /** The place so many tokens before it. */
  operator fun minus(tokens: Int): Place = plus(-tokens)

  override fun toString(): String = position.text()
}
