package org.zlens.dsl.syntax;

import java.util.List;

/** A statement of a script. */
public sealed interface Statement {
  Span span();

  /** {@code let name = pipeline}. */
  record Let(Span span, Span nameSpan, String name, Pipeline pipeline) implements Statement {}

  /**
   * {@code param name = 100}: what a script can be run with.
   *
   * @param initial its value when none is given, or null when one must be
   */
  record Param(Span span, Span nameSpan, String name, Expression initial) implements Statement {
    /** What its name stands for; not to be asked without a value. */
    public Pipeline value() {
      return new Pipeline(initial.span(), List.of(new Stage.Source(initial.span(), initial)));
    }

    /** The same with another value. */
    public Param set(Expression value) {
      return new Param(span, nameSpan, name, value);
    }
  }

  /** {@code include "file.zl"}: the values that another script names. */
  record Include(Span span, Expression file) implements Statement {}

  /** {@code for name in values { ... }}: the body once for each value. */
  record For(Span span, Span nameSpan, String name, Expression values, List<Statement> body)
      implements Statement {
    public For {
      body = List.copyOf(body);
    }
  }

  /** {@code with edit, edit { ... }}: the body while the edits are in force. */
  record With(Span span, List<Pipeline> edits, List<Statement> body) implements Statement {
    public With {
      edits = List.copyOf(edits);
      body = List.copyOf(body);
    }
  }

  /** Stages, each of which takes the value of the one before. */
  record Pipeline(Span span, List<Stage> stages) implements Statement {
    public Pipeline {
      stages = List.copyOf(stages);
    }
  }
}
