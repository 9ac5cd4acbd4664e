package org.zlens.engine.attribute;

import org.zlens.engine.hook.Site;
import org.zlens.engine.intervene.SaeReading;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/**
 * The pre-activation of an attention feature at one destination, by head and source position with
 * the pattern held fixed (paper-spec A.4, A.5).
 *
 * <pre>joint[h, S] = A[h, D, S] (v[S, h] . w[h])        sum over h and S, plus kappa, is pre</pre>
 *
 * @param row prompt
 * @param destination position D
 * @param preActivation the number explained
 * @param activation what the encoder makes of it
 * @param joint {@code [head, source]} for sources up to the destination
 * @param byHead a row for each head and the constant
 * @param bySource a row for each source position and the constant
 * @param byBoth a row for each head at each source and the constant
 */
public record DirectFeatureAttribution(
    int layer,
    int feature,
    int row,
    int destination,
    double preActivation,
    double activation,
    double constant,
    double[][] joint,
    Attribution byHead,
    Attribution bySource,
    Attribution byBoth) {

  /**
   * Attributes one feature at one destination; the values are projected on the feature's encoder
   * direction first, so that the pattern of one query is all that is read of the attention.
   *
   * @throws org.zlens.engine.ZlensException if there is no such feature, prompt or position
   */
  public static DirectFeatureAttribution of(
      CleanRun run, int layer, int feature, int row, int destination) {
    Sae sae = run.saes().attention(layer);
    sae.requireFeature(feature);
    run.require(row, destination);
    run.requireMixed(layer);
    try (Scope scope = Scope.open()) {
      int heads = run.config().heads();
      int sources = destination + 1;
      Tensor values = run.activations().get(Site.V, layer).select(0, row).slice(0, 0, sources);
      Tensor z = run.read(sae, row, destination);
      Tensor reader = sae.reader(feature, z);
      float[] projected = project(run, reader, values.unsqueeze(0)).floats();
      float[] pattern = run.patternRows().of(layer, row, destination);
      double[][] joint = new double[heads][sources];
      for (int head = 0; head < heads; head++) {
        for (int source = 0; source < sources; source++) {
          joint[head][source] =
              (double) pattern[head * sources + source] * projected[source * heads + head];
        }
      }
      double pre = sae.preActivations(z, feature).item();
      double activation = run.activation(sae, feature, row, destination);
      double scale = Readout.norm(z.floats()) * Readout.norm(reader.floats());
      return build(run, sae, feature, row, joint, pre, activation, scale);
    }
  }

  private static DirectFeatureAttribution build(
      CleanRun run,
      Sae sae,
      int feature,
      int row,
      double[][] joint,
      double pre,
      double activation,
      double scale) {
    int layer = sae.location().layer();
    int destination = joint[0].length - 1;
    double kappa = sae.constant(feature);
    String what = sae.address(feature) + " at " + destination;
    Rows byHead = new Rows(run, row, pre);
    Rows bySource = new Rows(run, row, pre);
    Rows byBoth = new Rows(run, row, pre);
    double[] sources = new double[destination + 1];
    for (int head = 0; head < joint.length; head++) {
      double sum = 0;
      for (int source = 0; source <= destination; source++) {
        sum += joint[head][source];
        sources[source] += joint[head][source];
        byBoth.at(Part.HEAD_AT_SOURCE, layer, head, source, joint[head][source]);
      }
      byHead.at(Part.HEAD, layer, head, -1, sum);
    }
    for (int source = 0; source <= destination; source++) {
      bySource.at(Part.SOURCE, layer, -1, source, sources[source]);
    }
    for (Rows rows : new Rows[] {byHead, bySource, byBoth}) {
      rows.add(Part.CONSTANT, layer, kappa);
    }
    return new DirectFeatureAttribution(
        layer,
        feature,
        row,
        destination,
        pre,
        activation,
        kappa,
        joint,
        Attribution.of(what + " by head", pre, byHead.list(), scale),
        Attribution.of(what + " by source", pre, bySource.list(), scale),
        Attribution.of(what + " by head and source", pre, byBoth.list(), scale));
  }

  /**
   * By source for every destination of every prompt, {@code [batch, destination, source]}, without
   * the constant.
   */
  public static Tensor matrix(CleanRun run, int layer, int feature) {
    Sae sae = run.saes().attention(layer);
    sae.requireFeature(feature);
    run.requireMixed(layer);
    Tensor projected =
        project(run, sae.centeredReader(feature), run.activations().get(Site.V, layer));
    Tensor pattern = run.patterns(layer);
    Tensor divisor = sae.divisor(SaeReading.of(sae, run.activations()).came());
    return Tensor.einsum("bhds,bsh->bds", pattern, projected).div(divisor);
  }

  /** Values {@code [batch, pos, kv, d_head]} on each head's slice of a direction of z. */
  static Tensor project(CleanRun run, Tensor direction, Tensor values) {
    int keyValueHeads = run.config().keyValueHeads();
    int share = run.config().heads() / keyValueHeads;
    Tensor reader = direction.reshape(keyValueHeads, share, -1);
    Tensor projected = Tensor.einsum("bsgd,gkd->bsgk", values, reader);
    return projected.reshape(values.size(0), values.size(1), -1);
  }

  /** What one source position contributes over all heads. */
  public double at(int source) {
    double sum = 0;
    for (double[] head : joint) {
      sum += head[source];
    }
    return sum;
  }
}
