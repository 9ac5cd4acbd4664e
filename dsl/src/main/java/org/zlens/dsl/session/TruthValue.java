package org.zlens.dsl.session;

/** True or false. */
public record TruthValue(boolean value) implements Value {
  @Override
  public ValueKind kind() {
    return ValueKind.TRUTH;
  }

  @Override
  public String toString() {
    return Boolean.toString(value);
  }
}
