package org.zlens.engine.dashboard;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.zlens.engine.attribute.CleanRun;
import org.zlens.engine.attribute.DirectFeatureAttribution;
import org.zlens.engine.hook.Site;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.measure.Proxy;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;
import org.zlens.engine.sae.SaeSet;

/**
 * All places of a text at which one feature is active, in a list: what statistics are held against.
 */
final class PlainStatistics {
  final List<Firing> firings = new ArrayList<>();
  long tokens;
  long holds;

  /** A place where the feature is active; sources are those of the direct attribution alone. */
  record Firing(
      long row, int position, float activation, float[] ofRow, float[] bySource, boolean proxy) {}

  private PlainStatistics() {}

  /** Those of some features, each by itself. */
  static Map<Integer, PlainStatistics> of(
      SaeSet saes, Sae sae, int[] features, List<Batch> text, OptionalInt bos, Proxy proxy) {
    Map<Integer, PlainStatistics> all = new LinkedHashMap<>();
    for (int feature : features) {
      all.put(feature, new PlainStatistics());
    }
    long number = 0;
    for (Batch batch : text) {
      for (int row = 0; row < batch.rows(); row++) {
        try (Scope scope = Scope.open()) {
          int length = batch.lengths()[row];
          Tensor tokens = scope.keep(batch.tokens().slice(0, row, row + 1).slice(1, 0, length));
          CleanRun run = CleanRun.of(saes, tokens);
          for (int feature : features) {
            all.get(feature).add(run, sae, feature, number, tokens.longs(), bos, proxy);
          }
          number++;
        }
      }
    }
    return all;
  }

  private void add(
      CleanRun run, Sae sae, int feature, long number, long[] row, OptionalInt bos, Proxy proxy) {
    int[] ids = Arrays.stream(row).mapToInt(id -> (int) id).toArray();
    int length = ids.length;
    float[] acts = sae.encode(run.activations().get(sae.location()), feature).floats();
    for (int i = 0; i < length; i++) {
      acts[i] = bos.isPresent() && ids[i] == bos.getAsInt() ? 0 : acts[i];
    }
    float[] matrix =
        sae.location().site() == Site.Z
            ? DirectFeatureAttribution.matrix(run, sae.location().layer(), feature).floats()
            : new float[0];
    for (int i = 0; i < length; i++) {
      if (bos.isPresent() && ids[i] == bos.getAsInt()) {
        continue;
      }
      tokens++;
      boolean has = proxy.holds(number, ids, i);
      holds += has ? 1 : 0;
      if (acts[i] > 0) {
        float[] bySource =
            matrix.length == 0
                ? matrix
                : Arrays.copyOfRange(matrix, i * length, i * length + i + 1);
        firings.add(new Firing(number, i, acts[i], acts, bySource, has));
      }
    }
  }

  List<Firing> strongest(int count) {
    return firings.stream()
        .sorted(
            Comparator.comparingDouble((Firing firing) -> -firing.activation)
                .thenComparingLong(Firing::row)
                .thenComparingInt(Firing::position))
        .limit(count)
        .toList();
  }

  Firing at(long row, int position) {
    return firings.stream()
        .filter(firing -> firing.row == row && firing.position == position)
        .findFirst()
        .orElseThrow();
  }

  long between(double from, double to) {
    return firings.stream().filter(f -> f.activation >= from && f.activation < to).count();
  }
}
