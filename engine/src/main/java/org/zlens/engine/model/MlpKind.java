package org.zlens.engine.model;

/** What follows the attention of a block. */
public enum MlpKind {
  /** Nothing: a model of attention alone. */
  NONE,
  /** {@code act(x W_in + b_in) W_out + b_out}. */
  PLAIN,
  /** {@code (act(x W_gate + b_gate) * (x W_in + b_in)) W_out + b_out}, as GeGLU and SwiGLU are. */
  GATED
}
