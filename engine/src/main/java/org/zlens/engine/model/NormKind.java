package org.zlens.engine.model;

/** Normalisations of a transformer. */
public enum NormKind {
  /** LayerNorm with gain and bias. */
  LAYER_NORM(true, false),
  /** LayerNorm whose gain and bias were folded into the weights that follow. */
  LAYER_NORM_PRE(true, true),
  /** Division by the root of the mean square, with gain; there is no bias. */
  RMS(false, false),
  /** The same with its gain folded into the weights that follow. */
  RMS_PRE(false, true);

  private final boolean centers;
  private final boolean folded;

  NormKind(boolean centers, boolean folded) {
    this.centers = centers;
    this.folded = folded;
  }

  /** Whether the mean over d_model is taken out before the division. */
  public boolean centers() {
    return centers;
  }

  /** Whether gain and bias are gone into other weights. */
  public boolean isFolded() {
    return folded;
  }

  /** This kind after folding. */
  public NormKind folded() {
    return centers ? LAYER_NORM_PRE : RMS_PRE;
  }
}
