package org.zlens.engine.attribute;

import java.util.ArrayList;
import java.util.List;

/**
 * What a layer adds to a logit, or a logit difference, on the way through the stream.
 *
 * @param layer -1 for the embeddings
 * @param contribution what its attention and MLP add
 * @param accumulated the logit that the stream after it holds, at the scale of the attribution
 * @param lens the same at the scale that a norm of the stream after it would have: what the
 *     unembedding would read if the model ended there
 */
public record LogitStep(int layer, double contribution, double accumulated, double lens) {
  /**
   * The steps of a logit.
   *
   * @param components its split by component
   * @param constant what no component accounts for
   * @param sigma the scale of the split
   */
  static List<LogitStep> of(
      CleanRun run, int row, int position, Attribution components, double constant, double sigma) {
    int layers = run.config().layers();
    double[] sums = new double[layers + 1];
    for (Contribution one : components.rows()) {
      switch (one.part()) {
        case EMBED, POS_EMBED, ATTN_OUT, MLP_OUT -> sums[one.layer() + 1] += one.contribution();
        default -> {
          // Constants belong to no layer.
        }
      }
    }
    List<LogitStep> steps = new ArrayList<>();
    double stream = 0;
    for (int layer = -1; layer < layers; layer++) {
      stream += sums[layer + 1];
      LogitScale next = layer + 1 < layers ? LogitScale.before(layer + 1) : LogitScale.FINAL;
      double lens = constant + stream * sigma / next.of(run, row, position);
      steps.add(new LogitStep(layer, sums[layer + 1], constant + stream, lens));
    }
    return steps;
  }
}
