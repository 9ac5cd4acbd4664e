package org.zlens.engine.attribute;

import java.util.List;
import java.util.Optional;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/**
 * What one source position contributes to an attention feature, split by what stands in the
 * residual stream there, with pattern and norm scale held fixed (paper-spec A.6 to A.8).
 *
 * <p>All shares are parts of the feature's activation.
 *
 * @param position the source S
 * @param token id of the token there
 * @param contribution what the source contributes over all heads, the total of each split
 * @param sigma norm scale of the layer at the source
 * @param byHead a row for each head
 * @param byComponent embeddings, earlier attention and MLP outputs
 * @param byFeature the same with the earlier attention outputs split into features of their SAEs
 * @param byResidualFeature features, bias and error of the layer's residual SAE, if there is one
 */
public record SourceAttribution(
    int position,
    int token,
    double contribution,
    double sigma,
    Attribution byHead,
    Attribution byComponent,
    Attribution byFeature,
    Optional<Attribution> byResidualFeature) {

  /**
   * Splits one source of a direct feature attribution.
   *
   * @param reference what shares are parts of
   */
  public static SourceAttribution of(
      CleanRun run, DirectFeatureAttribution direct, int source, double reference) {
    Readout readout = readout(run, direct, source, reference);
    int row = direct.row();
    Rows heads = new Rows(run, row, reference);
    for (int head = 0; head < direct.joint().length; head++) {
      heads.at(Part.HEAD, direct.layer(), head, source, direct.joint()[head][source]);
    }
    double total = direct.at(source);
    return new SourceAttribution(
        source,
        run.token(row, source),
        total,
        run.scale(direct.layer(), row, source),
        Attribution.of("a source by head", total, heads.list(), 0),
        readout.components(),
        readout.features(),
        readout.residualFeatures());
  }

  /** The earlier attention output of a layer by features of its SAE, as the feature reads it. */
  public static Attribution upstream(
      CleanRun run, DirectFeatureAttribution direct, int source, int earlier) {
    return readout(run, direct, source, direct.activation()).upstream(earlier);
  }

  /**
   * What the weights alone say of the residual features at a position: {@code g_k r_k W_V w}
   * without pattern and norm scale, as the authors' code scores them (paper-spec A.6). It sums to
   * nothing, and is here to compare with {@link #byResidualFeature}; shares are not set.
   */
  public static List<Contribution> fromWeights(
      CleanRun run, int layer, int feature, int row, int position) {
    Sae sae = run.saes().attention(layer);
    Sae residual = run.saes().residual(layer);
    run.require(row, position);
    Encoded encoded = run.encoded(residual, row, position);
    Rows rows = new Rows(run, row, Double.NaN);
    try (Scope scope = Scope.open()) {
      Tensor heads = sae.reader(feature).reshape(run.config().heads(), -1);
      float[] reader = run.block(layer).wV().matmul(shared(run, heads)).floats();
      for (int i = 0; i < encoded.active().length; i++) {
        int index = encoded.active()[i];
        double activation = encoded.activations()[i];
        float[] direction = residual.directions(index).reshape(-1).floats();
        double value = activation * Readout.dot(direction, reader);
        rows.add(Part.RESIDUAL_FEATURE, layer, index, position, activation, value);
      }
    }
    return List.copyOf(rows.list());
  }

  /** Readers {@code [head, d_head]} added up over the heads that share values, flat. */
  private static Tensor shared(CleanRun run, Tensor readers) {
    return readers
        .reshape(run.config().keyValueHeads(), -1, run.config().dHead())
        .sum(1L)
        .reshape(-1);
  }

  private static Readout readout(
      CleanRun run, DirectFeatureAttribution direct, int source, double reference) {
    int layer = direct.layer();
    int row = direct.row();
    run.require(row, source);
    if (source > direct.destination()) {
      throw new IllegalArgumentException(
          "source " + source + " lies after destination " + direct.destination());
    }
    return AttentionReader.of(
            run, run.saes().attention(layer), direct.feature(), row, direct.destination())
        .sources(List.of(source), reference)
        .get(0);
  }
}
