package org.zlens.engine.data.sprig;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.zlens.engine.tokenizer.Tokenizer;

class SprigTokenizerTest {
  @Test
  void theTableOfWordsAgreesWithTheTokenizer() {
    SprigText text = new SprigText(21, Mix.standard());
    WordIds ids = WordIds.standard();
    try (Tokenizer tokenizer = Sprig.tokenizer()) {
      assertThat(tokenizer.bosId()).isEqualTo(ids.beginning());
      assertThat(tokenizer.vocabularySize()).isEqualTo(ids.vocabularySize());
      for (long n = 0; n < 2000; n++) {
        SprigText.Document document = text.document(n);
        assertThat(tokenizer.ids(document.text()))
            .as(document.text())
            .isEqualTo(document.words().stream().mapToInt(ids::id).toArray());
      }
    }
  }
}
