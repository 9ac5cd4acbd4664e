package org.zlens.engine.attribute;

/** A way to see the residual stream as a sum. */
public enum StreamSplit {
  /** Embeddings and the output of each attention and MLP. */
  COMPONENTS,
  /** The same with each attention output split into its heads and bias. */
  HEADS,
  /** The same with each attention output split into the features, bias and error of its SAE. */
  FEATURES,
  /** Features, bias and error of the residual SAE there. */
  RESIDUAL_FEATURES
}
