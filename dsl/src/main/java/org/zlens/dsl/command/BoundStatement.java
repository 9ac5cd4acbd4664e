package org.zlens.dsl.command;

import java.util.List;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Statement;

/**
 * A statement that is ready to run.
 *
 * @param name the variable that {@code let} gives the result to, or null
 */
public record BoundStatement(Statement statement, String name, List<BoundStage> stages) {
  public BoundStatement {
    stages = List.copyOf(stages);
  }

  /** The kind of its result. */
  public ValueKind kind() {
    return stages.get(stages.size() - 1).kind();
  }
}
