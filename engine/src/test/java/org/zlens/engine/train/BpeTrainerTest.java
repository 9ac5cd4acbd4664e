package org.zlens.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.zlens.engine.ZlensException;
import org.zlens.engine.tokenizer.ByteLevel;
import org.zlens.engine.tokenizer.Tokenizer;
import org.zlens.engine.train.BpeVocabulary.Merge;

class BpeTrainerTest {
  private static final Map<String, Long> LOW =
      Map.of(" low", 5L, " lower", 2L, " newest", 6L, " widest", 3L);

  @Test
  void theMostFrequentPairIsMergedFirst() {
    // The example of Sennrich et al. (2016), whose first merges are printed there.
    Map<String, Long> counts = Map.of("low", 5L, "lower", 2L, "newest", 6L, "widest", 3L);
    List<Merge> merges = new BpeTrainer(257 + 4).train(counts).merges();
    assertThat(merges)
        .containsExactly(
            new Merge("e", "s"), new Merge("es", "t"), new Merge("l", "o"), new Merge("lo", "w"));
  }

  @Test
  void trainingStopsWhenEveryWordIsOneToken() {
    BpeVocabulary vocabulary = new BpeTrainer(2000).train(LOW);
    assertThat(vocabulary.size()).isLessThan(300);
    assertThat(vocabulary.tokens())
        .contains("Ġlow", "Ġlower", "Ġnewest", "Ġwidest")
        .endsWith(BpeTrainer.END_OF_TEXT)
        .doesNotHaveDuplicates();
    try (Tokenizer tokenizer = tokenizer(vocabulary)) {
      assertThat(tokenizer.encode(" low lower newest widest", false).strings())
          .containsExactly(" low", " lower", " newest", " widest");
    }
  }

  @Test
  void overlappingPairsAreCountedAsTheyAreMerged() {
    BpeVocabulary vocabulary = new BpeTrainer(2000).train(Map.of("aaaaa", 3L, "aa", 1L));
    try (Tokenizer tokenizer = tokenizer(vocabulary)) {
      assertThat(tokenizer.encode("aaaaa", false).size()).isEqualTo(1);
    }
  }

  @Test
  void everyTextStaysEncodableAndComesBack() {
    Map<String, Long> counts = new HashMap<>();
    BpeTrainer.count("It's a résumé — 12 naïve cafés… 日本 😀\n\n  indented", counts);
    BpeVocabulary vocabulary = new BpeTrainer(300).train(counts);
    assertThat(vocabulary.size()).isEqualTo(300);
    String other = "Völlig anderer Text: \t∑ 漢字 🙂 \u0000";
    try (Tokenizer tokenizer = tokenizer(vocabulary)) {
      assertThat(tokenizer.decode(tokenizer.ids(other))).isEqualTo(other);
    }
  }

  @Test
  void theOrderOfTheCountsDoesNotMatter() {
    Map<String, Long> counts = new HashMap<>();
    for (String word : List.of(" widest", " newest", " lower", " low")) {
      counts.put(word, LOW.get(word));
    }
    assertThat(new BpeTrainer(400).train(counts).toTokenizerJson())
        .isEqualTo(new BpeTrainer(400).train(LOW).toTokenizerJson());
  }

  @Test
  void aLimitBelowTheBytesIsRefused() {
    assertThatThrownBy(() -> new BpeTrainer(200))
        .isInstanceOf(ZlensException.class)
        .hasMessageContaining("at least 257 tokens, not 200");
  }

  @Test
  void theAlphabetSpellsEachByteOnce() {
    assertThat(ByteLevel.alphabet()).hasSize(256).doesNotHaveDuplicates();
    assertThat(ByteLevel.spell(" a\né")).isEqualTo("ĠaĊÃ©");
    assertThat(new String(ByteLevel.bytes("ĠaĊÃ©"), StandardCharsets.UTF_8)).isEqualTo(" a\né");
    assertThat(ByteLevel.bytes("日")).isNull();
  }

  private static Tokenizer tokenizer(BpeVocabulary vocabulary) {
    return Tokenizer.of(new ByteArrayInputStream(vocabulary.toTokenizerJson()), "trained");
  }
}
