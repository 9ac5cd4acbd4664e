package org.zlens.dsl.command;

import java.util.List;
import org.zlens.dsl.syntax.SourceText;

/** A script that is ready to run. */
public record BoundScript(SourceText source, List<BoundStatement> statements) {
  public BoundScript {
    statements = List.copyOf(statements);
  }
}
