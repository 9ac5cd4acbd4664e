package org.zlens.engine.attribute;

import java.util.List;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/**
 * The pre-activation of a residual feature at one position, by the components that wrote to the
 * stream (paper-spec A.7, A.8). A residual SAE reads the stream as it is, so no norm is involved.
 *
 * @param row prompt
 * @param byComponent embeddings, earlier attention and MLP outputs, the constant
 * @param byFeature the same with the earlier attention outputs split into features of their SAEs
 */
public record ResidualFeatureAttribution(
    int layer,
    int feature,
    int row,
    int position,
    double preActivation,
    double activation,
    Attribution byComponent,
    Attribution byFeature) {

  /** Attributes one residual feature at one position. */
  public static ResidualFeatureAttribution of(
      CleanRun run, int layer, int feature, int row, int position) {
    Readout readout = readout(run, layer, feature, row, position);
    return new ResidualFeatureAttribution(
        layer,
        feature,
        row,
        position,
        readout.total(),
        run.activation(run.saes().residual(layer), feature, row, position),
        readout.components(),
        readout.features());
  }

  /** What a residual feature reads in the stream. */
  static Readout readout(CleanRun run, int layer, int feature, int row, int position) {
    Sae sae = run.saes().residual(layer);
    run.require(row, position);
    try (Scope scope = Scope.open()) {
      Tensor vector = run.read(sae, row, position);
      double pre = sae.preActivations(vector, feature).item();
      float[] reader = sae.reader(feature, vector).floats();
      return readout(run, sae, feature, row, position, reader, pre);
    }
  }

  private static Readout readout(
      CleanRun run, Sae sae, int feature, int row, int position, float[] reader, double pre) {
    Rows constant = new Rows(run, row, pre);
    constant.add(Part.CONSTANT, sae.location().layer(), sae.constant(feature));
    return new Readout(
        run,
        sae.address(feature) + " at " + position,
        sae.location().layer(),
        row,
        position,
        reader,
        pre,
        pre,
        List.copyOf(constant.list()));
  }
}
