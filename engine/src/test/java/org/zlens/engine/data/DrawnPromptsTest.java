package org.zlens.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.zlens.engine.Fixtures;
import org.zlens.engine.ZlensException;
import org.zlens.engine.tokenizer.Tokenizer;

/** Prompts of the tasks beside indirect objects, in GPT-2's tokens. */
class DrawnPromptsTest {
  private static Tokenizer gpt2() {
    return Tokenizer.of(Fixtures.path("real/gpt2_tokenizer/tokenizer.json"));
  }

  @Test
  void theDenominatorOfDigitsStandsAtItsLabelAndIsTheAnswer() {
    try (Tokenizer tokenizer = gpt2()) {
      for (boolean bos : new boolean[] {false, true}) {
        PromptSet set = Digits.draw(tokenizer, bos, 200, 3);
        Set<String> captions = new HashSet<>();
        for (Prompt prompt : set.prompts()) {
          AnswerPair pair = prompt.answer().orElseThrow();
          assertThat(prompt.tokens().string(prompt.position("TOTAL", 0))).isEqualTo(pair.answer());
          assertThat(prompt.text())
              .matches("Image \\d/" + pair.answer() + "( .*\\.)? Image " + pair.over() + "/");
          int first = prompt.text().charAt(6) - '0';
          assertThat(first).isLessThan(Integer.parseInt(pair.over()));
          assertThat(Integer.parseInt(pair.over())).isLessThan(Integer.parseInt(pair.answer()));
          captions.add(prompt.tags().get("caption"));
        }
        assertThat(captions).containsExactlyInAnyOrder("yes", "no");
        assertThat(set).isEqualTo(Digits.draw(tokenizer, bos, 200, 3));
      }
    }
  }

  @Test
  void theCodeOfAUrlBeginsAtItsLabel() {
    try (Tokenizer tokenizer = gpt2()) {
      for (Prompt prompt : Urls.draw(tokenizer, true, 200, 3).prompts()) {
        int[] ids = prompt.tokens().ids();
        int code = prompt.position("CODE", 0);
        assertThat(tokenizer.decode(Arrays.copyOfRange(ids, code, ids.length)))
            .matches("[A-Za-z0-9]{10}");
        assertThat(tokenizer.decode(Arrays.copyOfRange(ids, 1, code)))
            .endsWith(" pic.twitter.com/");
      }
    }
  }

  @Test
  void inductionPromptsEndWhereTheCopyEnds() {
    try (Tokenizer tokenizer = gpt2()) {
      int[] pool = IntStream.range(0, 5000).toArray();
      InductionTrials trials = InductionTrials.draw(pool, 50256, 128, 4, 50, 7);
      List<Prompt> prompts = trials.prompts(tokenizer, 1).prompts();
      for (int n = 0; n < prompts.size(); n++) {
        Prompt prompt = prompts.get(n);
        int[] ids = prompt.tokens().ids();
        int[] row = trials.trials().get(n).ids();
        assertThat(ids).isEqualTo(Arrays.copyOf(row, ids.length));
        assertThat(prompt.end()).isEqualTo(trials.trials().get(n).destination());
        int first = prompt.position("FIRST", 0);
        int second = prompt.position("SECOND", 0);
        assertThat(Arrays.copyOfRange(ids, first, first + 4))
            .isEqualTo(Arrays.copyOfRange(ids, second, second + 4));
        assertThat(prompt.position("SOURCE", 0)).isEqualTo(first + 4);
        AnswerPair pair = prompt.answer().orElseThrow();
        assertThat(pair.answerId()).isEqualTo(ids[first + 4]).isNotEqualTo(pair.overId());
        assertThat(prompt.tags()).containsEntry("prefix", "4");
      }
    }
  }

  @Test
  void swappedNamesStandInEachOthersPlaces() {
    try (Tokenizer tokenizer = gpt2()) {
      Ioi ioi = Ioi.draw(tokenizer, true, IoiTemplate.mixed(), IoiWords.standard(), 40, 3);
      List<Prompt> clean = ioi.prompts().prompts();
      List<Prompt> swapped = ioi.changed(IoiChange.SWAPPED, 0).prompts();
      for (int n = 0; n < clean.size(); n++) {
        Prompt own = swapped.get(n);
        AnswerPair pair = clean.get(n).answer().orElseThrow();
        assertThat(own.answer()).contains(pair);
        assertThat(own.tokens().string(own.position("S2", 0))).isEqualTo(pair.answer());
        assertThat(own.tokens().string(own.position("S1", 0))).isEqualTo(pair.answer());
        assertThat(own.tokens().string(own.position("IO", 0))).isEqualTo(pair.over());
      }
    }
  }

  @Test
  void allNamesOfSeveralTokensAreNamed() {
    try (Tokenizer tokenizer = gpt2()) {
      IoiWords words =
          new IoiWords(
              List.of("Ann", "Zebediah", "Bob", "Hephzibah"),
              List.of("store"),
              List.of("ring"),
              (a, b) -> true);
      assertThatThrownBy(() -> Ioi.draw(tokenizer, true, IoiTemplate.mixed(), words, 5, 1))
          .isInstanceOf(ZlensException.class)
          .hasMessage(
              "names must be single tokens with a space in front, but 2 of 4 are not: Zebediah,"
                  + " Hephzibah");
    }
  }
}
