package org.zlens.engine.sae;

/** Of which weights of the model the activations were that an SAE was trained on. */
public enum WeightBasis {
  /** LayerNorm folded, writing weights centred, value biases folded (TransformerLens's default). */
  PROCESSED,

  /** As stored. */
  RAW,

  /** The file does not say. */
  UNSTATED
}
