package org.zlens.dsl.syntax;

import java.util.List;

/** One stage of a pipeline. */
public sealed interface Stage {
  Span span();

  /** A verb and its arguments. Which words introduce which arguments, the signature knows. */
  record Call(Span span, Span verbSpan, String verb, List<Expression> arguments) implements Stage {
    public Call {
      arguments = List.copyOf(arguments);
    }
  }

  /** A value that a pipeline starts from: {@code $_ | sort by delta}. */
  record Source(Span span, Expression expression) implements Stage {}
}
