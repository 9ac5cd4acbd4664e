package org.zlens.dsl.session;

import java.nio.file.Path;
import java.util.Optional;
import org.zlens.engine.report.Plot;

/**
 * A page or picture that was written to a file and opens offline.
 *
 * @param plot what the page shows, where that is one plot
 */
public record PageValue(String title, Path path, Optional<Plot> plot) implements Value {
  /** A page that is no single plot. */
  public PageValue(String title, Path path) {
    this(title, path, Optional.empty());
  }

  @Override
  public ValueKind kind() {
    return ValueKind.PAGE;
  }
}
