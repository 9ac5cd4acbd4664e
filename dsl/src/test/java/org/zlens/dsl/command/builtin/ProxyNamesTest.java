package org.zlens.dsl.command.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The variants of a token that count as like it, as the paper's code makes them. */
class ProxyNamesTest {
  @Test
  void aTokenHasItsFourVariants() {
    assertThat(ProxyNames.variants("the")).containsExactlyInAnyOrder("the", " the", "The");
    assertThat(ProxyNames.variants("BoB")).containsExactlyInAnyOrder("BoB", " BoB", "bob", "Bob");
  }

  /** Python's capitalize lower-cases what begins with a blank. */
  @Test
  void aTokenWithABlankInFrontIsNotCapitalised() {
    assertThat(ProxyNames.variants(" Bob"))
        .containsExactlyInAnyOrder(" Bob", "  Bob", "Bob", " bob");
    assertThat(ProxyNames.variants("")).contains("");
  }
}
