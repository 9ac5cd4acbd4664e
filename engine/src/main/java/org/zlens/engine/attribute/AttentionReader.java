package org.zlens.engine.attribute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.model.BlockWeights;
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
    float[] pattern = run.patternRows().of(layer, row, destination);
    float[] values = run.flat(Location.of(Site.V, layer), row);
    int heads = run.config().heads();
    int size = run.config().dHead();
    int groups = run.config().keyValueHeads();
    double[][] joint = new double[heads][destination + 1];
    for (int head = 0; head < heads; head++) {
      int group = head / (heads / groups);
      for (int source = 0; source <= destination; source++) {
        int at = (source * groups + group) * size;
        double sum = 0;
        for (int c = 0; c < size; c++) {
          sum += (double) values[at + c] * reader[head * size + c];
        }
        joint[head][source] = pattern[head * (destination + 1) + source] * sum;
      }
    }
    return new AttentionReader(run, what, layer, row, destination, reader, pattern, joint);
  }

  /** The reader of an attention feature. */
  static AttentionReader of(CleanRun run, Sae sae, int feature, int row, int destination) {
    try (Scope scope = Scope.open()) {
      Tensor z = run.read(sae, row, destination);
      return of(
          run,
          sae.address(feature) + " at " + destination,
          sae.location().layer(),
          row,
          destination,
          sae.reader(feature, z).floats());
    }
  }

  /**
   * The number that is read, by source.
   *
   * @param z what the heads mixed, {@code [head * d_head]}
   * @param total the number, from the pass
   */
  Attribution bySource(float[] z, double total, double reference, List<Contribution> constants) {
    Rows rows = new Rows(run, row, reference);
    for (int source = 0; source <= destination; source++) {
      rows.at(Part.SOURCE, layer, -1, source, at(source));
    }
    rows.list().addAll(constants);
    double scale = Readout.norm(z) * Readout.norm(reader);
    return Attribution.of(what + " by source", total, rows.list(), scale);
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
      float[] scales = new float[count];
      for (int i = 0; i < count; i++) {
        scales[i] = (float) run.scale(layer, row, positions.get(i));
      }
      float[] directions = run.norm1(layer).back(read).div(Tensor.of(scales, count, 1)).floats();
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
