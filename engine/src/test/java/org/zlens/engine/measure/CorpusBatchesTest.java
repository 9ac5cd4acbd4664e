package org.zlens.engine.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.engine.ZlensException;
import org.zlens.engine.data.TokenRows;
import org.zlens.engine.data.corpus.Corpus;
import org.zlens.engine.data.sprig.Sprig;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.tokenizer.Tokenizer;

/** A text that is bounded by a count of tokens, or by its own end. */
class CorpusBatchesTest {
  @TempDir private Path directory;

  private static final Tokenizer TOKENIZER = Sprig.tokenizer();

  private TokenRows text(int documents) throws Exception {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < documents; i++) {
      all.append("Ann and Bob went to the store.\n\n");
    }
    Path file = Files.writeString(directory.resolve("text.txt"), all);
    return Corpus.of(List.of(file), "text").rows(TOKENIZER, 128, 16);
  }

  private static List<long[]> rows(CorpusBatches text) {
    List<long[]> rows = new ArrayList<>();
    Iterator<Batch> batches = text.batches();
    try (Scope scope = Scope.open()) {
      while (batches.hasNext()) {
        Batch batch = batches.next();
        for (int row = 0; row < batch.rows(); row++) {
          rows.add(batch.tokens().select(0, row).longs());
        }
      }
    }
    return rows;
  }

  @Test
  void aBoundCutsTheTextToWholeRows() throws Exception {
    try (CorpusBatches text = new CorpusBatches(text(1000), 16, 16 * 70 + 15, 2048)) {
      assertThat(rows(text)).hasSize(70).allMatch(row -> row[0] == TOKENIZER.bosId());
      assertThat(rows(text)).usingRecursiveComparison().isEqualTo(rows(text));
      assertThat(text.count()).isEqualTo(3);
    }
  }

  /** Each document counts once: 90 documents of some tokens each, and what fills no row is left. */
  @Test
  void aTextIsReadOnce() throws Exception {
    int ids = TOKENIZER.encode("Ann and Bob went to the store.", true).ids().length;
    for (int documents : new int[] {2, 7, 64, 90}) {
      try (CorpusBatches text = new CorpusBatches(text(documents), 16, 1_000_000, 2048)) {
        int found = rows(text).size();
        assertThat(found).isLessThanOrEqualTo(documents * ids / 16).isPositive();
        // Each read of 32 rows may drop the rest of a document.
        assertThat(found).isGreaterThanOrEqualTo((documents * ids - (found / 32) * ids) / 16 - 1);
      }
    }
  }

  @Test
  void theRowsDoNotHangOnHowManyMakeABatch() throws Exception {
    try (CorpusBatches small = new CorpusBatches(text(300), 16, 4000, 2048);
        CorpusBatches large = new CorpusBatches(text(300), 16, 4000, 1 << 20)) {
      assertThat(large.count()).isGreaterThan(small.count());
      assertThat(rows(large)).usingRecursiveComparison().isEqualTo(rows(small));
    }
  }

  @Test
  void aTextThatFillsNoRowIsRefused() throws Exception {
    TokenRows one = Corpus.of(List.of(write("Ann")), "text").rows(TOKENIZER, 128, 16);
    try (CorpusBatches text = new CorpusBatches(one, 16, 1000, 2048)) {
      assertThatThrownBy(() -> rows(text))
          .isInstanceOf(ZlensException.class)
          .hasMessage("the text does not fill one row of 16 tokens");
    }
  }

  private Path write(String text) throws Exception {
    return Files.writeString(directory.resolve("one.txt"), text);
  }
}
