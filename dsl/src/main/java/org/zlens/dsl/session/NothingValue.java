package org.zlens.dsl.session;

/** The result of a command that only acts, and the content of a missing cell. */
public enum NothingValue implements Value {
  NOTHING;

  @Override
  public ValueKind kind() {
    return ValueKind.NOTHING;
  }

  @Override
  public String toString() {
    return "nothing";
  }
}
