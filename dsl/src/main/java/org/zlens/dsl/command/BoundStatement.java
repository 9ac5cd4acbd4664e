package org.zlens.dsl.command;

import java.util.List;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Expression;
import org.zlens.dsl.syntax.Statement;

/** A statement that is ready to run. */
public sealed interface BoundStatement {
  Statement statement();

  /**
   * Stages, each of which takes the value of the one before.
   *
   * @param name the variable that {@code let} gives the result to, or null
   */
  record Pipeline(Statement statement, String name, List<BoundStage> stages)
      implements BoundStatement {
    public Pipeline {
      stages = List.copyOf(stages);
    }

    /** The kind of its result. */
    public ValueKind kind() {
      return stages.get(stages.size() - 1).kind();
    }
  }

  /** The statements of an included script; none where the file is included already. */
  record Included(Statement statement, BoundScript script) implements BoundStatement {}

  /**
   * Statements that run once for each value.
   *
   * @param name the variable that holds the value
   */
  record Loop(Statement statement, String name, Expression values, List<BoundStatement> body)
      implements BoundStatement {
    public Loop {
      body = List.copyOf(body);
    }
  }

  /** Statements that run while edits are in force; the calls are those of editing commands. */
  record With(Statement.With statement, List<BoundStage.Call> edits, List<BoundStatement> body)
      implements BoundStatement {
    public With {
      edits = List.copyOf(edits);
      body = List.copyOf(body);
    }
  }
}
