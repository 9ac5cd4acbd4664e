package org.zlens.engine.attribute;

import java.util.Optional;
import java.util.OptionalInt;

/** The number that a tree of attributions explains. */
public sealed interface TreeRoot {
  /** The pre-activation of a feature of the attention SAE of a layer. */
  record AttentionFeature(int layer, int feature) implements TreeRoot {}

  /** The pre-activation of a feature of the residual SAE before a layer. */
  record ResidualFeature(int layer, int feature) implements TreeRoot {}

  /**
   * The logit of a token, or its difference to that of another, the final norm's scale held fixed.
   */
  record Logit(int answer, OptionalInt other) implements TreeRoot {}

  /**
   * What a head writes, along one direction of the stream that is held fixed: that in which a logit
   * reads it through the final norm, or without one its own, so that the number is the size of what
   * it writes.
   */
  record Head(int layer, int head, Optional<Logit> read) implements TreeRoot {}
}
