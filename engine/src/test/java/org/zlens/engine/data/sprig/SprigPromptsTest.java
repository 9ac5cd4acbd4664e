package org.zlens.engine.data.sprig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.zlens.engine.ZlensException;
import org.zlens.engine.data.IoiTemplate.Order;
import org.zlens.engine.data.Prompt;
import org.zlens.engine.data.PromptSet;
import org.zlens.engine.tokenizer.Tokenizer;

class SprigPromptsTest {
  private static Tokenizer tokenizer;
  private static SprigPrompts prompts;

  @BeforeAll
  static void open() {
    tokenizer = Sprig.tokenizer();
    prompts = new SprigPrompts(tokenizer);
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  private static String at(Prompt prompt, String label) {
    return prompt.tokens().string(prompt.position(label, 0));
  }

  @Test
  void everySetIsMadeOfWholeWordsAndIsTheSameForASeed() {
    for (int round = 0; round < 2; round++) {
      long seed = round;
      List<PromptSet> sets = sets(seed);
      assertThat(sets).isEqualTo(sets(seed));
      for (Prompt prompt : sets.stream().flatMap(set -> set.prompts().stream()).toList()) {
        List<String> strings = prompt.tokens().strings();
        assertThat(Sprig.words()).containsAll(strings.subList(1, strings.size()));
        assertThat(strings.size()).isLessThan(Sprig.CONTEXT);
      }
    }
  }

  private static List<PromptSet> sets(long seed) {
    return Stream.of(
            prompts.heldOutIoi(30, seed).prompts(),
            prompts.trainingIoi(30, seed).prompts(),
            prompts.repeatedWords(30, 20, seed),
            prompts.duplicates(30, 20, seed),
            prompts.longPrefixes(30, seed),
            prompts.successions(30, seed),
            prompts.pronouns(30, seed),
            prompts.questions(30, seed),
            prompts.topics(30, seed),
            prompts.images(30, seed),
            prompts.codes(30, seed))
        .toList();
  }

  @Test
  void heldOutPromptsUseHeldOutPairsAndPatternsOfBothOrders() {
    var ioi = prompts.heldOutIoi(200, 1);
    assertThat(ioi.sentences())
        .allSatisfy(
            sentence -> {
              assertThat(NamePairs.heldOut(sentence.io(), sentence.s())).isTrue();
              assertThat(SprigPrompts.heldOutTemplates()).contains(sentence.template());
            });
    for (Order order : Order.values()) {
      assertThat(ioi.prompts().where("order", order.name()).size()).isBetween(60, 140);
    }
  }

  @Test
  void labelsStandWhereTheySay() {
    for (Prompt prompt : prompts.duplicates(40, 16, 2).prompts()) {
      assertThat(at(prompt, "D1")).isEqualTo(at(prompt, "D2")).isEqualTo(at(prompt, "END"));
    }
    for (Prompt prompt : prompts.repeatedWords(40, 16, 2).prompts()) {
      assertThat(at(prompt, "FIRST")).isEqualTo(at(prompt, "SECOND"));
      assertThat(prompt.tokens().string(16)).isEqualTo(prompt.answer().orElseThrow().answer());
    }
    for (Prompt prompt : prompts.longPrefixes(40, 2).prompts()) {
      assertThat(at(prompt, "MATCH")).isEqualTo(at(prompt, "OTHER")).isEqualTo(at(prompt, "END"));
      int match = prompt.position("MATCH", 0);
      assertThat(prompt.tokens().string(match + 1))
          .isEqualTo(prompt.answer().orElseThrow().answer());
      assertThat(prompt.tokens().string(match - 1))
          .isEqualTo(prompt.tokens().string(prompt.end() - 1));
    }
    for (Prompt prompt : prompts.topics(40, 2).prompts()) {
      assertThat(at(prompt, "TOPIC")).isIn(" pets", " school", " weather", " food");
    }
    for (Prompt prompt : prompts.images(40, 2).prompts()) {
      assertThat(at(prompt, "TOTAL")).isEqualTo(prompt.answer().orElseThrow().answer());
    }
    for (Prompt prompt : prompts.codes(40, 2).prompts()) {
      assertThat(at(prompt, "COPY")).isEqualTo(prompt.answer().orElseThrow().answer());
    }
    for (Prompt prompt : prompts.pronouns(40, 2).prompts()) {
      assertThat(Lexicon.NAMES).contains(at(prompt, "NAME").strip());
    }
  }

  @Test
  void aRepeatLongerThanTheContextIsRefused() {
    assertThatThrownBy(() -> prompts.repeatedWords(3, 64, 1))
        .isInstanceOf(ZlensException.class)
        .hasMessage("expected 2 to 60 words in a prompt, found 64");
  }
}
