package org.zlens.engine.attribute;

import java.util.List;
import java.util.OptionalInt;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.model.Weights;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * A logit, or the difference of two, as a sum over the components that write to the residual
 * stream, with the final norm's scale held fixed: {@code centred(vector) / sigma . W_U}. Of a model
 * that caps its logits it is the logit before the cap.
 *
 * @param row prompt
 * @param position whose logits are explained
 * @param answer token
 * @param other token whose logit is subtracted, if any
 * @param scale what the stream is divided by
 * @param constant what the biases of final norm and unembedding add, whatever the stream is
 * @param byLayer the stream from the embeddings on, layer by layer
 * @param byComponent embeddings, attention outputs, MLP outputs, biases
 * @param byHead the same with each attention output split into heads
 * @param byFeature the same with each attention output split into the features of its SAE
 */
public record LogitAttribution(
    int row,
    int position,
    int answer,
    OptionalInt other,
    LogitScale scale,
    double constant,
    List<LogitStep> byLayer,
    Attribution byComponent,
    Attribution byHead,
    Attribution byFeature) {

  /** Keeps the layers from changing. */
  public LogitAttribution {
    byLayer = List.copyOf(byLayer);
  }

  /** Explains the logit of a token. */
  public static LogitAttribution of(CleanRun run, int row, int position, int answer) {
    return of(run, row, position, answer, OptionalInt.empty());
  }

  /**
   * Explains the logit of a token, or its difference to that of another.
   *
   * @param run a run with logits
   */
  public static LogitAttribution of(
      CleanRun run, int row, int position, int answer, OptionalInt other) {
    return of(run, row, position, answer, other, LogitScale.FINAL);
  }

  /**
   * Explains the logit of a token, or its difference to that of another, in the units of a norm.
   *
   * @param run a run with logits
   * @param scale what the stream is divided by; with another than that of the final norm the total
   *     is the logit that the unembedding would read then
   */
  public static LogitAttribution of(
      CleanRun run, int row, int position, int answer, OptionalInt other, LogitScale scale) {
    Readout readout = readout(run, row, position, answer, other, scale);
    Attribution components = readout.components();
    double constant = readout.constant();
    double sigma = scale.of(run, row, position);
    return new LogitAttribution(
        row,
        position,
        answer,
        other,
        scale,
        constant,
        LogitStep.of(run, row, position, components, constant, sigma),
        components,
        readout.heads(),
        readout.features());
  }

  /** What a logit, or the difference of two, reads in the last stream. */
  static Readout readout(
      CleanRun run, int row, int position, int answer, OptionalInt other, LogitScale scale) {
    run.require(row, position);
    requireToken(run, answer);
    if (other.isPresent()) {
      requireToken(run, other.getAsInt());
    }
    try (Scope scope = Scope.open()) {
      Weights weights = run.model().weights();
      Tensor unembed = weights.wU().select(1, answer);
      double bias = weights.bU().select(0, answer).item();
      double total = run.logit(row, position, answer);
      if (other.isPresent()) {
        unembed = unembed.sub(weights.wU().select(1, other.getAsInt()));
        bias -= weights.bU().select(0, other.getAsInt()).item();
        total -= run.logit(row, position, other.getAsInt());
      }
      double sigma = scale.of(run, row, position);
      float[] direction = run.finalNorm().back(unembed).mul(1 / sigma).floats();
      double normBias =
          weights.finalBias() == null ? 0 : weights.finalBias().mul(unembed).sum().item();
      double constant = normBias + bias;
      if (!scale.isFinal()) {
        total = constant + (total - constant) * LogitScale.FINAL.of(run, row, position) / sigma;
      }
      Rows constants = new Rows(run, row, total);
      if (weights.finalBias() != null) {
        constants.add(Part.NORM_BIAS, -1, normBias);
      }
      constants.add(Part.UNEMBED_BIAS, -1, bias);
      String what = "the logit of token " + answer + " at " + position;
      return new Readout(
          run,
          what,
          run.config().layers(),
          row,
          position,
          direction,
          total,
          total,
          constants.list());
    }
  }

  private static void requireToken(CleanRun run, int token) {
    int size = run.config().dVocab();
    if (token < 0 || token >= size) {
      throw new ZlensException(Kind.NAME, "no token " + token, "ids run from 0 to " + (size - 1));
    }
  }
}
