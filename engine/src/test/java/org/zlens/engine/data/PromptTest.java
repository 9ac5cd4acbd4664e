package org.zlens.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.zlens.engine.ZlensException;
import org.zlens.engine.data.sprig.Sprig;
import org.zlens.engine.tokenizer.Tokenizer;

class PromptTest {
  private static final String TEXT = "When Ann and Bob went to the store, Bob gave a drink to";
  private static Tokenizer tokenizer;

  @BeforeAll
  static void open() {
    tokenizer = Sprig.tokenizer();
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  private static void assertFails(ThrowingCallable work, String message, String hint) {
    assertThatThrownBy(work)
        .isInstanceOfSatisfying(
            ZlensException.class, e -> assertThat(String.valueOf(e.hint())).contains(hint))
        .hasMessageContaining(message);
  }

  @Test
  void occurrencesAreCountedFromOne() {
    Prompt prompt = Prompt.of(tokenizer, TEXT, true);
    assertThat(prompt.occurrence(" Bob", 1)).isEqualTo(4);
    assertThat(prompt.occurrence(" Bob", 2)).isEqualTo(10);
    assertThat(Prompt.of(tokenizer, TEXT, false).occurrence(" Bob", 2)).isEqualTo(9);
    assertThat(prompt.mark("S2", " Bob", 2).position("S2", 1)).isEqualTo(11);
    assertThat(prompt.position("END", -1)).isEqualTo(13);
  }

  @Test
  void whatIsNotThereIsNamedWithWhatIs() {
    Prompt prompt = Prompt.of(tokenizer, TEXT, true).mark("S2", " Bob", 2);
    assertFails(() -> prompt.occurrence(" Bob", 3), "occurs 2 times", "positions 4 and 10");
    assertFails(() -> prompt.occurrence(" Ann", 2), "occurs once", "position 2");
    assertFails(() -> prompt.occurrence("Bob", 1), "no token 'Bob'", "there is a token ' Bob'");
    assertFails(() -> prompt.occurrence(" Mary", 1), "no token ' Mary'", "matched whole");
    assertFails(() -> prompt.occurrence(" Bob", 0), "counted from 1", "#1");
    assertFails(() -> prompt.position("S3", 0), "no label 'S3'", "S2 END");
    assertFails(() -> prompt.position("END", 1), "'END+1' is position 15", "0 to 14");
  }

  @Test
  void aSetNamesThePromptThatFails() {
    PromptSet set =
        new PromptSet(
            "pair",
            List.of(
                Prompt.of(tokenizer, TEXT, true),
                Prompt.of(tokenizer, "Then, Ann and Mary went to the park.", true)));
    assertFails(() -> set.mark("S2", " Bob", 2), "prompt 1 of 'pair': no token ' Bob'", "matched");
    assertThat(set.mark("X", " went", 1).positions("X", 0)).containsExactly(5, 6);
    assertThat(set.ends()).containsExactly(14, 10);
    assertThat(set.ids(7)[1]).hasSize(15).endsWith(7, 7, 7, 7);
    assertFails(set::answers, "prompt 0 of 'pair' has no answer pair", "over");
  }

  @Test
  void anAnswerIsTwoDifferentTokens() {
    assertThat(AnswerPair.of(tokenizer, " Ann", " Bob").answerId())
        .isEqualTo(tokenizer.singleId(" Ann"));
    assertFails(() -> AnswerPair.of(tokenizer, " Ann", " Ann"), "same token", "null");
    assertFails(() -> AnswerPair.of(tokenizer, "Ann", " Bob"), "single token", "' Ann'");
  }

  @Test
  void aPromptOfIdsHasTheTextOfItsTokens() {
    Prompt text = Prompt.of(tokenizer, TEXT, true);
    Prompt ids = Prompt.of(tokenizer, text.tokens().ids(), true);
    assertThat(ids).isEqualTo(text);
    assertFails(() -> Prompt.of(tokenizer, "", false), "at least one token", "null");
    assertFails(() -> new Positions(java.util.Map.of("END", 1)), "END cannot be set", "last");
  }
}
