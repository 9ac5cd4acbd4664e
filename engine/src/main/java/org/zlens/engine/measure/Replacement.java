package org.zlens.engine.measure;

/** What stands in the place of a site's values while an SAE is evaluated (paper-spec C.2). */
public enum Replacement {
  /** The values as they are. */
  NONE,
  /** What the SAE makes of them. */
  RECONSTRUCTION,
  /**
   * Zero in the coordinates that the SAE was trained in; at z the folded value biases stay in the
   * output's bias.
   */
  ZERO,
  /** Their mean over all tokens of the text. */
  MEAN
}
