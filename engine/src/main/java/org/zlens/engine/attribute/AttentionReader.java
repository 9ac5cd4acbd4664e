package org.zlens.engine.attribute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.zlens.engine.hook.Site;
import org.zlens.engine.model.BlockWeights;
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/**
 * A linear functional of what the heads of a layer mixed at one destination, and what it reads of
 * each source with the pattern held fixed: that of an attention feature, or that in which something
 * later sees a head.
 *
 * <pre>joint[h, S] = A[h, D, S] (v[S, h] . w[h])</pre>
 */
final class AttentionReader {
  private final CleanRun run;
  private final String what;
  private final int layer;
  private final int row;
  private final int destination;
  private final float[] reader;
  private final float[] pattern;
  private final double[][] joint;

  private AttentionReader(
      CleanRun run,
      String what,
      int layer,
      int row,
      int destination,
      float[] reader,
      float[] pattern,
      double[][] joint) {
    this.run = run;
    this.what = what;
    this.layer = layer;
    this.row = row;
    this.destination = destination;
    this.reader = reader;
    this.pattern = pattern;
    this.joint = joint;
  }

  /**
   * A reader of z.
   *
   * @param reader {@code [head * d_head]}
   */
  static AttentionReader of(
      CleanRun run, String what, int layer, int row, int destination, float[] reader) {
    run.requireMixed(layer);
    try (Scope scope = Scope.open()) {
      int sources = destination + 1;
      float[] pattern = pattern(run, layer, row, destination).floats();
      Tensor values = run.activations().get(Site.V, layer).select(0, row).slice(0, 0, sources);
      float[] projected =
          DirectFeatureAttribution.project(
                  run, Tensor.of(reader, reader.length), values.unsqueeze(0))
              .floats();
      int heads = run.config().heads();
      double[][] joint = new double[heads][sources];
      for (int head = 0; head < heads; head++) {
        for (int source = 0; source < sources; source++) {
          joint[head][source] =
              (double) pattern[head * sources + source] * projected[source * heads + head];
        }
      }
      return new AttentionReader(run, what, layer, row, destination, reader, pattern, joint);
    }
  }

  /** The reader of an attention feature. */
  static AttentionReader of(CleanRun run, DirectFeatureAttribution direct) {
    try (Scope scope = Scope.open()) {
      int layer = direct.layer();
      Sae sae = run.saes().attention(layer);
      Tensor z = run.read(sae, direct.row(), direct.destination());
      return new AttentionReader(
          run,
          sae.address(direct.feature()) + " at " + direct.destination(),
          layer,
          direct.row(),
          direct.destination(),
          sae.reader(direct.feature(), z).floats(),
          pattern(run, layer, direct.row(), direct.destination()).floats(),
          direct.joint());
    }
  }

  /** The layer of the heads. */
  int layer() {
    return layer;
  }

  /** Where they mixed. */
  int destination() {
    return destination;
  }

  /** What each head contributes from each source, {@code [head][source]}. */
  double[][] joint() {
    return joint;
  }

  /** Weights of one query, {@code [head, source]}. */
  private static Tensor pattern(CleanRun run, int layer, int row, int destination) {
    return run.activations()
        .get(Site.PATTERN, layer)
        .select(0, row)
        .select(1, destination)
        .slice(1, 0, destination + 1L);
  }

  /** What the source contributes over all heads. */
  double at(int source) {
    return Arrays.stream(joint).mapToDouble(head -> head[source]).sum();
  }

  /** What is read of the stream at some sources, all worked out in one product. */
  List<Readout> sources(List<Integer> positions, double reference) {
    if (positions.isEmpty()) {
      return List.of();
    }
    try (Scope scope = Scope.open()) {
      BlockWeights block = run.block(layer);
      int count = positions.size();
      Tensor values = weighted(positions);
      Tensor read = values.matmul(block.wV().transpose(0, 1));
      float[] biases = values.matmul(block.bV().unsqueeze(1)).floats();
      if (block.ln1Bias() != null) {
        float[] shifts = read.matmul(block.ln1Bias().unsqueeze(1)).floats();
        for (int i = 0; i < count; i++) {
          biases[i] += shifts[i];
        }
      }
      if (block.ln1Gain() != null) {
        read = read.mul(block.ln1Gain());
      }
      float[] scales = new float[count];
      for (int i = 0; i < count; i++) {
        scales[i] = (float) run.scale(layer, row, positions.get(i));
      }
      float[] directions = Kernels.call("center", read).div(Tensor.of(scales, count, 1)).floats();
      List<Readout> readouts = new ArrayList<>();
      int width = run.config().dModel();
      for (int i = 0; i < count; i++) {
        int source = positions.get(i);
        Rows constants = new Rows(run, row, reference);
        constants.at(Part.VALUE_BIAS, layer, -1, source, biases[i]);
        readouts.add(
            new Readout(
                run,
                what + " from " + source,
                layer,
                row,
                source,
                Arrays.copyOfRange(directions, i * width, (i + 1) * width),
                at(source),
                reference,
                constants.list()));
      }
      return readouts;
    }
  }

  /** For each source the reader of the values there, {@code [source, kv * d_head]}. */
  private Tensor weighted(List<Integer> positions) {
    int size = run.config().dHead();
    int heads = run.config().heads();
    int share = heads / run.config().keyValueHeads();
    int width = run.config().keyValueHeads() * size;
    float[] weighted = new float[positions.size() * width];
    for (int i = 0; i < positions.size(); i++) {
      for (int head = 0; head < heads; head++) {
        float weight = pattern[head * (destination + 1) + positions.get(i)];
        int to = i * width + head / share * size;
        for (int c = 0; c < size; c++) {
          weighted[to + c] += weight * reader[head * size + c];
        }
      }
    }
    return Tensor.of(weighted, positions.size(), width);
  }
}
