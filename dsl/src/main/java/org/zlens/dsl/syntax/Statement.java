package org.zlens.dsl.syntax;

import java.util.List;

/** A statement of a script. */
public sealed interface Statement {
  Span span();

  /** {@code let name = pipeline}. */
  record Let(Span span, Span nameSpan, String name, Pipeline pipeline) implements Statement {}

  /** Stages, each of which takes the value of the one before. */
  record Pipeline(Span span, List<Stage> stages) implements Statement {
    public Pipeline {
      stages = List.copyOf(stages);
    }
  }
}
