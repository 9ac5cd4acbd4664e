package org.zlens.dsl.kotlin

import org.jetbrains.kotlin.fir.extensions.FirReplHistoryProvider
import org.jetbrains.kotlin.fir.symbols.impl.FirReplSnippetSymbol

/** The lines that later lines can see; those of failed lines are taken back. */
internal class SnippetHistory : FirReplHistoryProvider() {
  private val all = ArrayList<FirReplSnippetSymbol>()

  override fun getSnippets(): Iterable<FirReplSnippetSymbol> = all

  override fun getSnippetCount(): Int = all.size

  override fun putSnippet(symbol: FirReplSnippetSymbol) {
    all += symbol
  }

  override fun isFirstSnippet(symbol: FirReplSnippetSymbol): Boolean = symbol == all.firstOrNull()

  fun truncate(count: Int) {
    while (all.size > count) {
      all.removeAt(all.size - 1)
    }
  }
}
