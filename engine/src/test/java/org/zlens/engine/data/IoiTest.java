package org.zlens.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.zlens.engine.Fixtures;
import org.zlens.engine.ZlensException;
import org.zlens.engine.data.IoiTemplate.Order;
import org.zlens.engine.tokenizer.Tokenizer;

class IoiTest {
  private static Tokenizer gpt2() {
    return Tokenizer.of(Fixtures.path("real/gpt2_tokenizer/tokenizer.json"));
  }

  private static JsonNode golden() throws IOException {
    return new ObjectMapper().readTree(Fixtures.path("stats.json").toFile()).get("ioi");
  }

  private static int[] ints(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::intValue).toArray();
  }

  private static Ioi fixed(Tokenizer tokenizer, boolean bos, JsonNode golden) {
    List<IoiSentence> sentences = new ArrayList<>();
    for (JsonNode prompt : golden.get("prompts")) {
      Order order = Order.valueOf(prompt.get("kind").asText());
      IoiTemplate template =
          IoiTemplate.mixed().stream()
              .filter(t -> t.family() == prompt.get("template").intValue() && t.order() == order)
              .findFirst()
              .orElseThrow();
      String s = prompt.get("S").asText();
      sentences.add(
          new IoiSentence(
              template,
              prompt.get("IO").asText(),
              s,
              s,
              prompt.get("place").asText(),
              prompt.get("object").asText(),
              "and"));
    }
    return Ioi.of(tokenizer, bos, IoiWords.standard(), sentences);
  }

  @Test
  void idsAndLabelsAreThoseOfTheReference() throws IOException {
    JsonNode golden = golden();
    try (Tokenizer tokenizer = gpt2()) {
      for (boolean bos : new boolean[] {false, true}) {
        PromptSet set = fixed(tokenizer, bos, golden).prompts();
        for (int n = 0; n < set.size(); n++) {
          Prompt prompt = set.prompts().get(n);
          JsonNode expected = golden.get("prompts").get(n);
          assertThat(prompt.text() + " " + expected.get("IO").asText())
              .isEqualTo(expected.get("text").asText());
          AnswerPair pair = prompt.answer().orElseThrow();
          assertThat(pair.answerId()).isEqualTo(expected.get("io_token").intValue());
          assertThat(pair.overId()).isEqualTo(expected.get("s_token").intValue());
          int[] ids = ints(expected.get("ids"));
          int[] own = prompt.tokens().ids();
          assertThat(Arrays.copyOfRange(own, bos ? 1 : 0, own.length))
              .isEqualTo(Arrays.copyOf(ids, ids.length - 1));
          JsonNode places = expected.get(bos ? "positions_with_bos" : "positions");
          places
              .properties()
              .forEach(e -> assertPlace(prompt, e.getKey(), e.getValue().intValue()));
          assertThat(prompt.position("AND", 0))
              .isEqualTo(expected.get("and_position").intValue() + (bos ? 1 : 0));
        }
      }
    }
  }

  private static void assertPlace(Prompt prompt, String label, int place) {
    if (label.equals("starts")) {
      return;
    }
    String name = label.toUpperCase(java.util.Locale.ROOT);
    int offset = name.endsWith("-1") ? -1 : name.endsWith("+1") ? 1 : 0;
    String bare = offset == 0 ? name : name.substring(0, name.length() - 2);
    assertThat(prompt.position(bare, offset)).as(label + " of " + prompt.text()).isEqualTo(place);
  }

  @Test
  void prefixAndFillerMoveTheRepeatedNameByTwelve() throws IOException {
    JsonNode golden = golden();
    try (Tokenizer tokenizer = gpt2()) {
      for (boolean bos : new boolean[] {false, true}) {
        Ioi ioi = fixed(tokenizer, bos, golden);
        PromptSet filled = ioi.withFiller(true);
        for (int n = 0; n < filled.size(); n++) {
          int[] ids = ints(golden.get("with_prefix_and_filler").get(n));
          int[] own = filled.prompts().get(n).tokens().ids();
          assertThat(Arrays.copyOfRange(own, bos ? 1 : 0, own.length))
              .isEqualTo(Arrays.copyOf(ids, ids.length - 1));
        }
        int[] clean = ioi.prompts().positions("S2", 0);
        int[] moved = ioi.flippedWithFiller(true, 5).positions("S2", 0);
        for (int n = 0; n < clean.length; n++) {
          assertThat(moved[n]).isEqualTo(clean[n] + golden.get("offset_of_s2").intValue());
        }
        int s2 = filled.positions("S2", 0)[3];
        assertThat(filled.prompts().get(3).tokens().string(s2)).isEqualTo(" Sarah");
        Prompt written = ioi.withFiller(false).prompts().get(3);
        assertThat(written.position("S2", 0)).isEqualTo(s2 - 1);
        assertThat(written.tokens().string(s2 - 1)).isEqualTo(" Sarah");
        assertThat(written.position("PUNCT", 0)).isEqualTo(s2 - 2);
      }
    }
  }

  @Test
  void anotherJoinerChangesOneTokenOnly() throws IOException {
    try (Tokenizer tokenizer = gpt2()) {
      Ioi ioi = fixed(tokenizer, true, golden());
      List<Prompt> clean = ioi.prompts().prompts();
      List<Prompt> changed = ioi.joinedBy("alongside").prompts();
      for (int n = 0; n < clean.size(); n++) {
        int[] before = clean.get(n).tokens().ids();
        before[clean.get(n).position("AND", 0)] = 7848;
        assertThat(changed.get(n).tokens().ids()).isEqualTo(before);
      }
    }
  }

  @Test
  void flippedPromptsShareNoNameWithTheCleanOnes() throws IOException {
    try (Tokenizer tokenizer = gpt2()) {
      Ioi ioi = Ioi.draw(tokenizer, true, IoiTemplate.mixed(), IoiWords.standard(), 60, 3);
      List<Prompt> clean = ioi.prompts().prompts();
      List<Prompt> flipped = ioi.flipped(4).prompts();
      List<Prompt> three = ioi.threeNames(4).prompts();
      for (int n = 0; n < clean.size(); n++) {
        Prompt own = flipped.get(n);
        AnswerPair pair = clean.get(n).answer().orElseThrow();
        assertThat(own.answer()).contains(pair);
        assertThat(own.tokens().strings()).doesNotContain(pair.answer(), pair.over());
        assertThat(own.tokens().string(own.position("S2", 0)))
            .isEqualTo(own.tokens().string(own.position("S1", 0)))
            .isNotEqualTo(own.tokens().string(own.position("IO", 0)));
        Prompt abc = three.get(n);
        assertThat(
                List.of(
                    abc.tokens().string(abc.position("S2", 0)),
                    abc.tokens().string(abc.position("S1", 0)),
                    abc.tokens().string(abc.position("IO", 0))))
            .doesNotHaveDuplicates();
      }
    }
  }

  @Test
  void theSameSeedGivesTheSamePrompts() {
    try (Tokenizer tokenizer = gpt2()) {
      PromptSet one =
          Ioi.draw(tokenizer, false, IoiTemplate.all(), IoiWords.standard(), 40, 9).prompts();
      assertThat(one)
          .isEqualTo(
              Ioi.draw(tokenizer, false, IoiTemplate.all(), IoiWords.standard(), 40, 9).prompts());
      assertThat(one.where("order", "ABBA").size() + one.where("order", "BABA").size())
          .isEqualTo(40);
    }
  }

  @Test
  void aNameOfSeveralTokensIsRefused() {
    try (Tokenizer tokenizer = gpt2()) {
      IoiWords words =
          new IoiWords(
              List.of("Ann", "Zebediah"), List.of("store"), List.of("ring"), (a, b) -> true);
      assertThatThrownBy(() -> Ioi.draw(tokenizer, true, IoiTemplate.mixed(), words, 5, 1))
          .isInstanceOf(ZlensException.class)
          .hasMessageContaining("Zebediah");
    }
  }

  @Test
  void theBuiltInWordsAreSingleTokensOfGpt2() {
    try (Tokenizer tokenizer = gpt2()) {
      IoiWords words = IoiWords.standard();
      for (List<String> list : List.of(words.names(), words.places(), words.objects())) {
        assertThat(list).allSatisfy(word -> assertThat(tokenizer.idOf(" " + word)).isPresent());
        assertThat(list).doesNotHaveDuplicates();
      }
    }
  }
}
