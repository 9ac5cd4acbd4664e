package org.zlens.engine.runtime;

/** Which library multiplies large matrices where no gradients are recorded. */
public enum Products {
  /** oneDNN, whose code is made for the processor at hand; the BLAS where libtorch lacks it. */
  ONE_DNN("products-onednn.py"),
  /** The BLAS that PyTorch multiplies by of itself, to compare with. */
  BLAS("products-blas.py");

  private final String source;

  Products(String source) {
    this.source = source;
  }

  /** The file of the kernel that multiplies so. */
  String source() {
    return source;
  }
}
