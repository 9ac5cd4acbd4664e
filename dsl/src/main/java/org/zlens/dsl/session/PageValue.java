package org.zlens.dsl.session;

import java.nio.file.Path;

/** A page or picture that was written to a file and opens offline. */
public record PageValue(String title, Path path) implements Value {
  @Override
  public ValueKind kind() {
    return ValueKind.PAGE;
  }
}
