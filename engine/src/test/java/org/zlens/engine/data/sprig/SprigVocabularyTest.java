package org.zlens.engine.data.sprig;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.zlens.engine.train.BpeVocabulary;

class SprigVocabularyTest {
  @Test
  void theShippedTokenizerIsWhatTheTrainerMakes() throws IOException {
    byte[] made = Sprig.trainVocabulary().toTokenizerJson();
    // -Dzlens.rewrite=true renews the file after a change of the lexicon.
    if (Boolean.getBoolean("zlens.rewrite")) {
      Files.write(Path.of("src/main/resources" + Sprig.TOKENIZER), made);
    } else {
      assertThat(new String(Sprig.tokenizerJson(), StandardCharsets.UTF_8))
          .isEqualTo(new String(made, StandardCharsets.UTF_8));
    }
  }

  @Test
  void everyWordIsOneToken() {
    BpeVocabulary vocabulary = Sprig.trainVocabulary();
    WordIds ids = WordIds.of(vocabulary.toTokenizerJson());
    assertThat(Sprig.words()).allSatisfy(word -> assertThat(ids.id(word)).isBetween(0, 2047));
    assertThat(vocabulary.size()).isLessThanOrEqualTo(2048);
  }
}
