package org.zlens.dsl.command;

import java.util.List;
import java.util.Optional;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Expression;
import org.zlens.dsl.syntax.Span;

/** A stage of a pipeline whose names are resolved and whose arguments are checked. */
public sealed interface BoundStage {
  Span span();

  /** The kind of the value that it gives. */
  ValueKind kind();

  /** The columns of the table that it gives, where they are known before it runs. */
  Optional<List<String>> columns();

  /**
   * A command with its arguments.
   *
   * @param takesLast whether it works on the last result because nothing is piped into it
   */
  record Call(
      Span span,
      ValueKind kind,
      Optional<List<String>> columns,
      Command command,
      Arguments arguments,
      boolean takesLast)
      implements BoundStage {
    /** Runs it on a value from the pipe, with everything read that hung on the run. */
    public Value run(Value input, Session session) {
      return command.run(complete(input, session), session);
    }

    /** The arguments with everything read that hung on the run. */
    public Arguments complete(Value input, Session session) {
      return arguments.complete(new Reading(session.forecast()), input);
    }
  }

  /**
   * An expression that the pipeline starts from.
   *
   * @param constant its value if that is known before the run, else null
   */
  record Source(
      Span span,
      ValueKind kind,
      Optional<List<String>> columns,
      Expression expression,
      Value constant)
      implements BoundStage {
    /** The value of the expression now. */
    public Value evaluate(Forecast now) {
      return new Reading(now).value(expression);
    }
  }
}
