package org.zlens.dsl.session;

/** A text. */
public record TextValue(String text) implements Value {
  @Override
  public ValueKind kind() {
    return ValueKind.TEXT;
  }

  @Override
  public String toString() {
    return text;
  }
}
