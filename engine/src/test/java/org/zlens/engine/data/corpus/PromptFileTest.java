package org.zlens.engine.data.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.zlens.engine.Fixtures;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.data.Prompt;
import org.zlens.engine.data.PromptSet;
import org.zlens.engine.tokenizer.Tokenizer;

class PromptFileTest {
  @TempDir private Path folder;

  private PromptSet read(String text, boolean bos, int most) throws IOException {
    Path file = folder.resolve("prompts.jsonl");
    Files.write(file, text.getBytes(StandardCharsets.ISO_8859_1));
    try (Tokenizer tokenizer = Tokenizer.of(Fixtures.path("real/gpt2_tokenizer/tokenizer.json"))) {
      return PromptFile.read(file, tokenizer, bos, 32, most);
    }
  }

  @Test
  void readsTextsLabelsAnswersAndTags() throws IOException {
    String line =
        "{\"text\": \"When Ann and Bob met, Bob waved to\", \"answer\": \" Ann\", \"over\": \" Bob\","
            + " \"labels\": {\"S2\": [\" Bob\", 2], \"PUNCT\": 6}, \"tags\": {\"order\": \"ABBA\","
            + " \"n\": 3}}\n\n{\"tokens\": [50256, 464, 3290]}\n";
    PromptSet set = read(line, true, 10);
    assertThat(set.name()).isEqualTo("prompts.jsonl");
    assertThat(set.size()).isEqualTo(2);
    Prompt first = set.prompts().get(0);
    assertThat(first.tokens().string(first.position("S2", 0))).isEqualTo(" Bob");
    assertThat(first.position("S2", 0)).isEqualTo(7);
    assertThat(first.tokens().string(first.position("PUNCT", 0))).isEqualTo(",");
    assertThat(first.answer().orElseThrow().over()).isEqualTo(" Bob");
    assertThat(first.tags()).isEqualTo(Map.of("order", "ABBA", "n", "3"));
    Prompt second = set.prompts().get(1);
    assertThat(second.tokens().prependedBos()).isTrue();
    assertThat(second.text()).isEqualTo("The dog");
    assertThat(read(line, true, 1).size()).isEqualTo(1);
    assertThat(read(line, false, 1).prompts().get(0).position("S2", 0)).isEqualTo(6);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[1]                                    | is not a JSON object",
        "{\"text\": \"a\"} x                    | is not valid JSON",
        "{\"text\": \"a\", \"text\": \"b\"}     | is not valid JSON",
        "{\"text\": \"a\"                       | is not valid JSON",
        "{\"text\": NaN}                        | is not valid JSON",
        "{\"text\": 3}                          | no text under 'text'",
        "{\"text\": \"\"}                       | empty text",
        "{\"text\": \"\\ud800\"}                | half a character",
        "{\"text\": \"a\", \"tokens\": [1]}     | either 'text' or 'tokens'",
        "{\"answer\": \" a\"}                   | either 'text' or 'tokens'",
        "{\"text\": \"a\", \"labls\": {}}       | unknown key 'labls'",
        "{\"text\": \"a\", \"answer\": \" b\"}  | 'answer' and 'over'",
        "{\"text\": \"a\", \"answer\": \"zlens\", \"over\": \" b\"} | expected a single token",
        "{\"text\": \"a\", \"answer\": \" b\", \"over\": \" b\"}    | the same token",
        "{\"text\": \"a\", \"labels\": [1]}     | no object of at most 32 names",
        "{\"text\": \"a\", \"labels\": {\"END\": 0}}     | has its meaning already",
        "{\"text\": \"a\", \"labels\": {\"A b\": 0}}     | the name 'A b'",
        "{\"text\": \"a\", \"labels\": {\"S\": 2}}       | no whole number from 0 to 1",
        "{\"text\": \"a\", \"labels\": {\"S\": -1}}      | no whole number from 0 to 1",
        "{\"text\": \"a\", \"labels\": {\"S\": 0.5}}     | no whole number from 0 to 1",
        "{\"text\": \"a\", \"labels\": {\"S\": 99999999999}}     | no whole number from 0 to 1",
        "{\"text\": \"a\", \"labels\": {\"S\": [\"b\", 1]}}      | no token 'b'",
        "{\"text\": \"a\", \"labels\": {\"S\": [\"a\", 0]}}      | counted from 1",
        "{\"text\": \"a\", \"tags\": {\"k\": {}}}        | no short text under the tag 'k'",
        "{\"tokens\": []}                       | no list of 1 to 32 ids",
        "{\"tokens\": [50257]}                  | an id of 'tokens'",
        "{\"tokens\": [1.5]}                    | an id of 'tokens'",
        "{\"tokens\": \"a\"}                    | no list of 1 to 32 ids",
      })
  void aWrongLineIsAnErrorThatGivesItsNumber(String line, String message) {
    assertThatThrownBy(() -> read("{\"text\": \"fine\"}\n" + line + "\n", true, 10))
        .isInstanceOf(ZlensException.class)
        .hasMessageContaining("prompts.jsonl': line 2 ")
        .hasMessageContaining(message)
        .extracting(e -> ((ZlensException) e).kind())
        .isEqualTo(Kind.DATA);
  }

  @Test
  void everyLengthIsBounded() {
    String many = "{\"text\": \"" + "a ".repeat(40) + "\"}";
    assertThatThrownBy(() -> read(many, true, 10)).hasMessageContaining("line 1 has 42 tokens");
    String huge = "{\"text\": \"" + "a".repeat((1 << 20) + 1) + "\"}";
    assertThatThrownBy(() -> read(huge, true, 10))
        .hasMessageContaining("1048577 characters under 'text'");
    String line = "{\"text\": \"" + "a".repeat(17 << 20) + "\"}";
    assertThatThrownBy(() -> read(line, true, 10)).hasMessageContaining("longer than 16 MiB");
    String deep = "[".repeat(100_000);
    assertThatThrownBy(() -> read(deep, true, 10)).hasMessageContaining("line 1 is not valid JSON");
    StringBuilder labels = new StringBuilder("{\"text\": \"a\", \"labels\": {\"L0\": 0");
    for (int n = 1; n < 40; n++) {
      labels.append(", \"L").append(n).append("\": 0");
    }
    assertThatThrownBy(() -> read(labels + "}}", true, 10))
        .hasMessageContaining("at most 32 names");
    String tag = "{\"text\": \"a\", \"tags\": {\"k\": \"" + "v".repeat(201) + "\"}}";
    assertThatThrownBy(() -> read(tag, true, 10)).hasMessageContaining("no short text");
  }

  @Test
  void filesWithoutPromptsAreRefused() {
    assertThatThrownBy(() -> read("\n \n", true, 10)).hasMessageContaining("holds no prompt");
    assertThatThrownBy(() -> read("{\"text\": \"\u00ff\"}", true, 10))
        .hasMessageContaining("line 1 is not UTF-8");
    Path none = folder.resolve("none.jsonl");
    assertThatThrownBy(() -> PromptFile.read(none, null, true, 32, 10))
        .hasMessageContaining("no such file");
  }
}
