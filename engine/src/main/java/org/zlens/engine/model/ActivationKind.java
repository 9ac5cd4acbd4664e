package org.zlens.engine.model;

/** Nonlinearities of an MLP. */
public enum ActivationKind {
  /** GELU by its tanh approximation ({@code gelu_new}, {@code gelu_pytorch_tanh}). */
  GELU_TANH("gelu_tanh"),
  /** GELU by the error function. */
  GELU("gelu");

  private final String kernel;

  ActivationKind(String kernel) {
    this.kernel = kernel;
  }

  String kernel() {
    return kernel;
  }
}
