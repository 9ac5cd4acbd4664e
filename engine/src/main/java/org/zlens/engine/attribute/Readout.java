package org.zlens.engine.attribute;

import java.util.List;
import java.util.Optional;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.model.BlockWeights;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/**
 * A linear functional of the residual stream at one place before a layer, and the number that it
 * reads there: {@code total = resid . direction + constants}.
 *
 * <p>What reads the stream does not matter here: an attention feature through pattern, values and
 * norm (paper-spec A.6), a residual feature (A.7) or a logit. So each way to split the stream is
 * written once.
 */
final class Readout {
  private final CleanRun run;
  private final String what;
  private final int layer;
  private final int row;
  private final int position;
  private final float[] direction;
  private final double total;
  private final double reference;
  private final List<Contribution> constants;
  private final double scale;

  /**
   * @param layer components before this layer make up the stream
   * @param direction {@code [d_model]}, norm and its scale included
   * @param total the number, from the pass
   * @param reference what shares are parts of
   * @param constants what the direction does not see
   */
  Readout(
      CleanRun run,
      String what,
      int layer,
      int row,
      int position,
      float[] direction,
      double total,
      double reference,
      List<Contribution> constants) {
    run.requireWritten(layer);
    this.run = run;
    this.what = what;
    this.layer = layer;
    this.row = row;
    this.position = position;
    this.direction = direction;
    this.total = total;
    this.reference = reference;
    this.constants = constants;
    this.scale = norm(direction) * streamSize();
  }

  /** Sizes of the vectors that the stream is the sum of. */
  private double streamSize() {
    double size = size(Location.of(Site.EMBED)) + size(Location.of(Site.POS_EMBED));
    for (int l = 0; l < layer; l++) {
      size += size(Location.of(Site.ATTN_OUT, l)) + size(Location.of(Site.MLP_OUT, l));
    }
    return size;
  }

  private double size(Location location) {
    return norm(vector(location));
  }

  private float[] vector(Location location) {
    try (Scope scope = Scope.open()) {
      return run.vector(location, row, position).floats();
    }
  }

  /** Embeddings and the output of each attention and MLP. */
  Attribution components() {
    Rows rows = rows();
    embeddings(rows);
    for (int l = 0; l < layer; l++) {
      component(rows, Part.ATTN_OUT, l, Location.of(Site.ATTN_OUT, l));
      component(rows, Part.MLP_OUT, l, Location.of(Site.MLP_OUT, l));
    }
    return finish(rows);
  }

  /** The same with each attention output split into its heads and bias. */
  Attribution heads() {
    Rows rows = rows();
    embeddings(rows);
    for (int l = 0; l < layer; l++) {
      heads(rows, l);
      component(rows, Part.MLP_OUT, l, Location.of(Site.MLP_OUT, l));
    }
    return finish(rows);
  }

  /**
   * The same with each attention output split into the features, bias and error of its SAE and the
   * bias of the output; layers without an SAE stay whole.
   */
  Attribution features() {
    Rows rows = rows();
    embeddings(rows);
    for (int l = 0; l < layer; l++) {
      Optional<Sae> sae = run.saes().findAttention(l);
      if (sae.isPresent()) {
        attention(rows, l, sae.get());
      } else {
        component(rows, Part.ATTN_OUT, l, Location.of(Site.ATTN_OUT, l));
      }
      component(rows, Part.MLP_OUT, l, Location.of(Site.MLP_OUT, l));
    }
    return finish(rows);
  }

  /** One attention output split by its SAE; the total is what that output contributes. */
  Attribution upstream(int earlier) {
    Rows rows = new Rows(run, row, reference);
    attention(rows, earlier, run.saes().attention(earlier));
    double output = dot(vector(Location.of(Site.ATTN_OUT, earlier)), direction);
    return Attribution.of(what + " from L" + earlier + ".attn_out", output, rows.list(), scale);
  }

  /** The stream split by the residual SAE before the layer; empty if there is none. */
  Optional<Attribution> residualFeatures() {
    return run.saes().findResidual(layer).map(this::residualFeatures);
  }

  private Attribution residualFeatures(Sae sae) {
    Rows rows = rows();
    sae(rows, Part.RESIDUAL_FEATURE, layer, sae, direction);
    return finish(rows);
  }

  private Rows rows() {
    return new Rows(run, row, reference);
  }

  private Attribution finish(Rows rows) {
    rows.list().addAll(constants);
    return Attribution.of(what, total, rows.list(), scale);
  }

  private void embeddings(Rows rows) {
    component(rows, Part.EMBED, -1, Location.of(Site.EMBED));
    component(rows, Part.POS_EMBED, -1, Location.of(Site.POS_EMBED));
  }

  private void component(Rows rows, Part part, int l, Location location) {
    rows.at(part, l, -1, position, dot(vector(location), direction));
  }

  private void heads(Rows rows, int l) {
    float[] reader = throughOutput(l);
    float[] z = vector(Location.of(Site.Z, l));
    int width = run.config().dHead();
    for (int head = 0; head < run.config().heads(); head++) {
      double value = 0;
      for (int i = head * width; i < (head + 1) * width; i++) {
        value += (double) z[i] * reader[i];
      }
      rows.at(Part.HEAD, l, head, position, value);
    }
    outputBias(rows, l);
  }

  private void attention(Rows rows, int l, Sae sae) {
    sae(rows, Part.ATTENTION_FEATURE, l, sae, throughOutput(l));
    outputBias(rows, l);
  }

  /** What the direction reads of each component of z: {@code W_O direction}. */
  private float[] throughOutput(int l) {
    try (Scope scope = Scope.open()) {
      return run.block(l).wO().matmul(Tensor.of(direction, direction.length)).floats();
    }
  }

  private void outputBias(Rows rows, int l) {
    BlockWeights block = run.block(l);
    rows.at(Part.OUTPUT_BIAS, l, -1, position, dot(block.bO().floats(), direction));
  }

  /**
   * Features of an SAE at this place, its bias and its error, as a reader of its input sees them.
   */
  private void sae(Rows rows, Part part, int l, Sae sae, float[] reader) {
    Encoded encoded = run.encoded(sae, row, position);
    int[] active = encoded.active();
    int width = reader.length;
    try (Scope scope = Scope.open()) {
      float[] decoder = active.length == 0 ? new float[0] : sae.directions(active).floats();
      for (int i = 0; i < active.length; i++) {
        double read = 0;
        for (int j = 0; j < width; j++) {
          read += (double) decoder[i * width + j] * reader[j];
        }
        double activation = encoded.activations()[i];
        rows.add(part, l, active[i], position, activation, activation * encoded.factor() * read);
      }
      rows.at(Part.SAE_BIAS, l, -1, position, dot(encoded.bias(), reader));
    }
    rows.at(Part.SAE_ERROR, l, -1, position, dot(encoded.error(), reader));
  }

  static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  static double norm(float[] a) {
    return Math.sqrt(dot(a, a));
  }
}
