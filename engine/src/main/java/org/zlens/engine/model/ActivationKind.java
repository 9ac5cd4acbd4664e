package org.zlens.engine.model;

import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Tensor;

/** Nonlinearities of an MLP. */
public enum ActivationKind {
  /** GELU by its tanh approximation ({@code gelu_new}, {@code gelu_pytorch_tanh}). */
  GELU_TANH("gelu_tanh"),
  /** GELU by the error function. */
  GELU("gelu"),
  /** {@code x sigmoid(x)}, which is called swish too. */
  SILU("silu"),
  /** What is positive, the rest zero. */
  RELU("relu");

  private final String kernel;

  ActivationKind(String kernel) {
    this.kernel = kernel;
  }

  /** The kernel that computes it. */
  String kernel() {
    return kernel;
  }

  /** The nonlinearity of each element. */
  public Tensor apply(Tensor x) {
    return Kernels.call(kernel, x);
  }
}
