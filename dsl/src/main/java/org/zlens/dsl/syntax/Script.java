package org.zlens.dsl.syntax;

import java.util.List;

/** The statements of a source, in order. */
public record Script(SourceText source, List<Statement> statements) {
  public Script {
    statements = List.copyOf(statements);
  }
}
