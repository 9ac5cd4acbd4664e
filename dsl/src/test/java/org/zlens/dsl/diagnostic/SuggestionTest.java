package org.zlens.dsl.diagnostic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SuggestionTest {
  private static final List<String> VERBS = List.of("ablate", "sort", "show", "where", "top");

  @Test
  void namesANearVerb() {
    assertThat(Suggestion.didYouMean("abalte", VERBS)).isEqualTo("did you mean 'ablate'?");
    assertThat(Suggestion.didYouMean("Shwo", VERBS)).isEqualTo("did you mean 'show'?");
  }

  @Test
  void neverGuessesFromFarAway() {
    assertThat(Suggestion.didYouMean("frobnicate", VERBS)).isNull();
    assertThat(Suggestion.didYouMean("xx", VERBS)).isNull();
    assertThat(Suggestion.didYouMean("x".repeat(100_000), VERBS)).isNull();
  }

  @Test
  void countsASwapAsOneEdit() {
    assertThat(Suggestion.distance("ablate", "albate")).isEqualTo(1);
    assertThat(Suggestion.distance("", "abc")).isEqualTo(3);
  }
}
