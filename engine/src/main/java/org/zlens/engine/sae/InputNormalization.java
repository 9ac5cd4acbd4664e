package org.zlens.engine.sae;

/** What is done to an SAE's input at run time, and undone after decoding. */
public enum InputNormalization {
  /** Nothing; a constant factor has been folded into the weights on reading. */
  NONE("none"),

  /** Each vector is scaled to the norm sqrt(d_in). */
  CONSTANT_NORM_RESCALE("constant_norm_rescale"),

  /** Each vector loses its mean and is divided by its n-1 standard deviation plus 1e-5. */
  LAYER_NORM("layer_norm");

  private final String saeLensName;

  InputNormalization(String saeLensName) {
    this.saeLensName = saeLensName;
  }

  /** The value of SAELens's setting {@code normalize_activations}. */
  public String saeLensName() {
    return saeLensName;
  }
}
