package org.zlens.engine.attribute;

import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.LongStream;
import org.zlens.engine.hook.Site;
import org.zlens.engine.intervene.Cells;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * Where the queries of a run look, worked out for some destinations together and kept while there
 * is room: who reads one destination reads its neighbours, or the same again.
 */
final class PatternRows {
  /** Destinations that are worked out together. */
  private static final int AT_ONCE = 32;

  /** Numbers kept at most; what was used longest ago is worked out again. */
  private static final long KEPT = 32L << 20;

  private final CleanRun run;
  private final Map<Block, float[]> kept = new LinkedHashMap<>(64, 0.75f, true);
  private long size;

  /** Some destinations of a prompt. */
  private record Block(int layer, int row, int first) {}

  PatternRows(CleanRun run) {
    this.run = run;
  }

  /** Where a query looks, {@code [head * source]} up to its own position. */
  float[] of(int layer, int row, int destination) {
    int first = destination - destination % AT_ONCE;
    int sources = Math.min(first + AT_ONCE, run.positions());
    float[] block = block(new Block(layer, row, first), sources);
    int heads = run.config().heads();
    int own = destination + 1;
    float[] pattern = new float[heads * own];
    for (int head = 0; head < heads; head++) {
      int begin = ((destination - first) * heads + head) * sources;
      System.arraycopy(block, begin, pattern, head * own, own);
    }
    return pattern;
  }

  /** The destinations of a block, {@code [destination, head, source]}. */
  private float[] block(Block block, int sources) {
    float[] found = kept.get(block);
    if (found != null) {
      return found;
    }
    try (Scope scope = Scope.open()) {
      found = pattern(block, sources).floats();
    }
    kept.put(block, found);
    size += found.length;
    Iterator<float[]> oldest = kept.values().iterator();
    while (size > KEPT && kept.size() > 1) {
      size -= oldest.next().length;
      oldest.remove();
    }
    return found;
  }

  private Tensor pattern(Block block, int sources) {
    if (run.keepsPattern(block.layer)) {
      return run.activations()
          .get(Site.PATTERN, block.layer)
          .select(0, block.row)
          .slice(1, block.first, sources)
          .slice(2, 0, sources)
          .transpose(0, 1);
    }
    long[] rows = new long[sources - block.first];
    Arrays.fill(rows, block.row);
    Cells cells = new Cells(rows, LongStream.range(block.first, sources).toArray());
    return JointContributions.pattern(run, block.layer, cells, sources);
  }
}
