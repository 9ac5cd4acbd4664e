package org.zlens.engine.model;

import java.util.EnumSet;
import java.util.Set;

/** Steps of weight processing that leave the predictions as they are, in the order they run. */
public enum WeightStep {
  /** Gains and biases of the norms go into the weights that read from them. */
  FOLD_LAYER_NORM("fold_ln"),
  /** Weights that write to the residual stream lose their mean over d_model. */
  CENTER_WRITING_WEIGHTS("center_writing_weights"),
  /** The unembedding loses its mean over the vocabulary. */
  CENTER_UNEMBED("center_unembed"),
  /** Value biases go into the bias of the attention output. */
  FOLD_VALUE_BIASES("fold_value_biases");

  private final String label;

  WeightStep(String label) {
    this.label = label;
  }

  /** The name that TransformerLens gives the step. */
  public String label() {
    return label;
  }

  /** What TransformerLens does by default: all of them. */
  public static Set<WeightStep> all() {
    return EnumSet.allOf(WeightStep.class);
  }
}
