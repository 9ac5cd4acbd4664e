package org.zlens.engine.model;

/** Normalisations of a transformer. */
public enum NormKind {
  /** LayerNorm with gain and bias. */
  LAYER_NORM,
  /** LayerNorm whose gain and bias were folded into the weights that follow. */
  LAYER_NORM_PRE
}
