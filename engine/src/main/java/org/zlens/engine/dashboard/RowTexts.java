package org.zlens.engine.dashboard;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.measure.TextBatches;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;

/** The tokens of some rows of a text, which is read again for them; no model runs. */
public final class RowTexts {
  private final Map<Long, int[]> rows = new HashMap<>();

  /**
   * Reads the rows of a text that are wanted, and no further than to the last of them.
   *
   * @param wanted numbers of rows
   */
  public RowTexts(TextBatches text, Set<Long> wanted, Progress progress) {
    Iterator<Batch> batches = text.batches();
    long first = 0;
    for (long done = 0; rows.size() < wanted.size(); done++) {
      progress.step(done, Math.max(text.count(), done));
      try (Scope scope = Scope.open()) {
        if (!batches.hasNext()) {
          throw new IllegalStateException("the text is shorter than it was");
        }
        Batch batch = batches.next();
        int[] lengths = batch.lengths();
        long[] ids = batch.tokens().longs();
        for (int row = 0; row < batch.rows(); row++) {
          if (wanted.contains(first + row)) {
            int from = row * batch.positions();
            rows.put(
                first + row,
                Arrays.stream(ids, from, from + lengths[row]).mapToInt(Math::toIntExact).toArray());
          }
        }
        first += batch.rows();
      }
    }
  }

  /** The token ids of a row. */
  public int[] row(long number) {
    int[] ids = rows.get(number);
    if (ids == null) {
      throw new IllegalArgumentException("row " + number + " was not asked for");
    }
    return ids.clone();
  }
}
