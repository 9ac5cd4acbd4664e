package org.zlens.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.engine.ZlensException;
import org.zlens.engine.io.JsonSettings;

/** What begins and ends texts, from files as the families' models have them. */
class SpecialTokenFilesTest {
  private static final String VOCABULARY =
      """
      {"added_tokens": [{"id": 0, "content": "<|endoftext|>", "special": true},
                        {"id": 4, "content": "<|im_end|>", "special": true},
                        {"id": 5, "content": "<s>", "special": true}],
       "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false},
       "model": {"type": "BPE", "merges": [],
                 "vocab": {"<|endoftext|>": 0, "a": 1, "b": 2, "c": 3}}}
      """;

  @TempDir private Path folder;

  private SpecialTokens read(String settings, String config, boolean prepends) throws IOException {
    Files.writeString(folder.resolve("tokenizer.json"), VOCABULARY);
    Files.writeString(folder.resolve("config.json"), config);
    if (settings != null) {
      Files.writeString(folder.resolve("tokenizer_config.json"), settings);
    }
    try (Tokenizer tokenizer = Tokenizer.of(folder.resolve("tokenizer.json"))) {
      JsonSettings json = JsonSettings.read(folder.resolve("config.json"));
      return SpecialTokenFiles.read(folder, json, tokenizer, prepends);
    }
  }

  @Test
  void withoutSettingsTheModelsOwnNumbersCount() throws IOException {
    SpecialTokens found = read(null, "{\"bos_token_id\": 0, \"eos_token_id\": [0, 4]}", true);
    assertThat(found.beginning()).hasValue(0);
    assertThat(found.prepended()).isTrue();
    assertThat(found.ends()).containsExactlyInAnyOrder(0, 4);
    assertThat(found.chat()).isFalse();
  }

  @Test
  void numbersOfAnotherVocabularyAreNotMeant() throws IOException {
    SpecialTokens found = read(null, "{\"bos_token_id\": 50256, \"eos_token_id\": -1}", true);
    assertThat(found.beginning()).hasValue(5);
    assertThat(found.ends()).containsExactly(0);
  }

  /** GPT-2 and Pythia say so, and their peers put one in front all the same. */
  @Test
  void notToAddOneIsNoRule() throws IOException {
    String settings = "{\"add_bos_token\": false, \"bos_token\": \"<|endoftext|>\"}";
    assertThat(read(settings, "{}", true).prepended()).isTrue();
    assertThat(read(settings, "{}", true).beginning()).hasValue(0);
  }

  @Test
  void aTokenMayStandInADictionary() throws IOException {
    String settings =
        """
        {"bos_token": {"content": "<s>", "lstrip": false}, "eos_token": "<|im_end|>",
         "chat_template": "{{ messages }}"}
        """;
    SpecialTokens found = read(settings, "{\"bos_token_id\": 0, \"eos_token_id\": 0}", true);
    assertThat(found.beginning()).hasValue(5);
    assertThat(found.ends()).containsExactlyInAnyOrder(0, 4);
    assertThat(found.chat()).isTrue();
  }

  @Test
  void aFamilyMayHaveNoneInFront() throws IOException {
    SpecialTokens found = read("{\"bos_token\": null}", "{\"bos_token_id\": 0}", false);
    assertThat(found.beginning()).hasValue(0);
    assertThat(found.prepended()).isFalse();
  }

  @Test
  void aTokenThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> read("{\"bos_token\": \"<start>\"}", "{}", true))
        .isInstanceOf(ZlensException.class)
        .hasMessageContaining("'bos_token' is '<start>', which tokenizer.json does not have");
  }
}
