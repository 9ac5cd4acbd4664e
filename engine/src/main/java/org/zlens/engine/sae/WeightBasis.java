package org.zlens.engine.sae;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.zlens.engine.model.WeightStep;

/**
 * Of which weights of the model the activations were that an SAE was trained on.
 *
 * @param stated whether that is known
 * @param steps the steps of processing that the weights had gone through; none if not stated
 */
public record WeightBasis(boolean stated, Set<WeightStep> steps) {
  /** LayerNorm folded, writing weights centred, value biases folded (TransformerLens's default). */
  public static final WeightBasis PROCESSED = new WeightBasis(true, WeightStep.all());

  /** As stored. */
  public static final WeightBasis RAW = new WeightBasis(true, Set.of());

  /** The file does not say. */
  public static final WeightBasis UNSTATED = new WeightBasis(false, Set.of());

  /** Copies the steps. */
  public WeightBasis {
    steps = Set.copyOf(steps);
  }

  /** Weights that went through these steps. */
  public static WeightBasis of(Set<WeightStep> steps) {
    return new WeightBasis(true, steps);
  }

  /** Whether a step is known to have been done. */
  public boolean has(WeightStep step) {
    return steps.contains(step);
  }

  /** In words, for example {@code processed weights}. */
  public String words() {
    if (!stated) {
      return "unstated weights";
    }
    if (equals(PROCESSED)) {
      return "processed weights";
    }
    return steps.isEmpty()
        ? "raw weights"
        : "weights with "
            + EnumSet.copyOf(steps).stream()
                .map(WeightStep::label)
                .collect(Collectors.joining(", "));
  }
}
