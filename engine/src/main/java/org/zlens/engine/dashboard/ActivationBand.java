package org.zlens.engine.dashboard;

import java.util.List;

/**
 * A band of activations of a feature.
 *
 * @param from lowest activation, which belongs to the band unless it is 0
 * @param to the activation that the next band begins with
 * @param places how many places of the text lie in it
 * @param examples some of them, drawn with equal chances
 */
public record ActivationBand(double from, double to, long places, List<KeptExample> examples) {
  /** Keeps the examples from changing. */
  public ActivationBand {
    examples = List.copyOf(examples);
  }
}
