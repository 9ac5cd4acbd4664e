package org.zlens.dsl.command;

/** What a Kotlin script gives for a parameter; the facade's functions are written by it. */
public enum ArgumentForm {
  LAYER("Layer"),
  HEAD("Head"),
  FEATURE("Feature"),
  RESIDUAL_FEATURE("ResidualFeature"),
  ANY_FEATURE("AnyFeature"),
  SITE("Site"),
  ADDRESS("AnyAddress"),
  POSITION("Place"),
  NUMBER("Number"),
  TEXT("String"),
  /** A name that stands without quotes. */
  LABEL("Label"),
  VALUE("Any"),
  /** Anything else, as the command language writes it. */
  LANGUAGE("String");

  private final String type;

  ArgumentForm(String type) {
    this.type = type;
  }

  /** The name of the Kotlin type. */
  public String type() {
    return type;
  }

  /** Whether one of these also stands for several of them. */
  public boolean isSeveral() {
    return ordinal() <= POSITION.ordinal();
  }
}
