package org.zlens.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The spelling of Llama's and Gemma's vocabularies: spaces as a low line, bytes by number. */
class SentencePieceTableTest {
  private static final String FILE =
      """
      {"added_tokens": [
         {"id": 0, "content": "<unk>", "special": true, "single_word": false,
          "lstrip": false, "rstrip": false, "normalized": false},
         {"id": 1, "content": "<s>", "special": true, "single_word": false,
          "lstrip": false, "rstrip": false, "normalized": false}],
       "normalizer": {"type": "Sequence", "normalizers": [
         {"type": "Prepend", "prepend": "▁"},
         {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]},
       "decoder": {"type": "Sequence", "decoders": [
         {"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
         {"type": "ByteFallback"}, {"type": "Fuse"}]},
       "model": {"type": "BPE", "unk_token": "<unk>", "fuse_unk": true, "byte_fallback": true,
         "vocab": {"<unk>": 0, "<s>": 1, "<0x0A>": 2, "<0xC3>": 3, "<0xA9>": 4, "▁": 5, "a": 6,
           "b": 7, "▁a": 8, "▁ab": 9, "\\u0301": 10, "\\u200d": 11},
         "merges": ["▁ a", "▁a b"]}}
      """;

  private static Tokenizer tokenizer() {
    return Tokenizer.of(
        new ByteArrayInputStream(FILE.getBytes(StandardCharsets.UTF_8)), "sentencepiece");
  }

  @Test
  void spacesAndBytesAreReadable() {
    try (Tokenizer tokenizer = tokenizer()) {
      assertThat(tokenizer.bosId()).isEqualTo(1);
      assertThat(tokenizer.vocabularySize()).isEqualTo(12);
      assertThat(tokenizer.idOf(" ab")).hasValue(9);
      assertThat(tokenizer.idOf("<s>")).hasValue(1);
      assertThat(tokenizer.idOf("c")).isEmpty();
      Tokens tokens = tokenizer.encode("ab a\né");
      assertThat(tokens.strings()).containsExactly("<s>", " ab", " a", "\n", "é[1/2]", "é[2/2]");
      assertThat(tokens.prependedBos()).isTrue();
      assertThat(tokenizer.decode(tokenizer.ids("ab a\né"))).isEqualTo(" ab a\né");
    }
  }

  @Test
  void aMarkThatJoinsWhatComesBeforeStandsOnACircle() {
    try (Tokenizer tokenizer = tokenizer()) {
      Tokens tokens = tokenizer.encode("a\u0301b\u200d", false);
      assertThat(tokens.strings()).containsExactly(" a", "\u25CC\u0301", "b", "\u25CC\u200d");
      assertThat(tokens.isAt(1, "\u0301")).isTrue();
      assertThat(tokens.isAt(1, "\u25CC\u0301")).isTrue();
      assertThat(tokens.isAt(0, "\u0301")).isFalse();
    }
  }
}
