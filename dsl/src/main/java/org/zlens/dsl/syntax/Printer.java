package org.zlens.dsl.syntax;

import java.util.List;
import java.util.stream.Collectors;

/** Prints syntax as canonical text, which parses to the same syntax again. */
public final class Printer {
  private Printer() {}

  /** A script, one statement a line. */
  public static String print(Script script) {
    return script.statements().stream().map(s -> print(s) + "\n").collect(Collectors.joining());
  }

  public static String print(Statement statement) {
    if (statement instanceof Statement.For loop) {
      return "for " + loop.name() + " in " + print(loop.values()) + block(loop.body());
    }
    if (statement instanceof Statement.With with) {
      return "with "
          + with.edits().stream().map(Printer::print).collect(Collectors.joining(", "))
          + block(with.body());
    }
    if (statement instanceof Statement.Param param) {
      return "param "
          + param.name()
          + (param.initial() == null ? "" : " = " + print(param.initial()));
    }
    if (statement instanceof Statement.Include include) {
      return "include " + print(include.file());
    }
    if (statement instanceof Statement.Let let) {
      return "let " + let.name() + " = " + print(let.pipeline());
    }
    return ((Statement.Pipeline) statement)
        .stages().stream().map(Printer::print).collect(Collectors.joining(" | "));
  }

  private static String block(List<Statement> body) {
    StringBuilder out = new StringBuilder(" {\n");
    for (Statement inner : body) {
      out.append("  ").append(print(inner).replace("\n", "\n  ")).append('\n');
    }
    return out.append('}').toString();
  }

  public static String print(Stage stage) {
    if (stage instanceof Stage.Call call) {
      StringBuilder out = new StringBuilder(call.verb());
      boolean isOnly = call.arguments().size() == 1;
      for (Expression argument : call.arguments()) {
        out.append(' ').append(isOnly ? print(argument) : argument(argument));
      }
      return out.toString();
    }
    Expression source = ((Stage.Source) stage).expression();
    // Without brackets a leading word would be read as a verb.
    return startsWithWord(source) ? "(" + print(source) + ")" : print(source);
  }

  /** An expression as it stands among others of a call: a condition is told from the next word. */
  private static String argument(Expression expression) {
    return print(expression, Operator.RANGE_PRECEDENCE);
  }

  public static String print(Expression expression) {
    return print(expression, 0);
  }

  private static String print(Expression expression, int outer) {
    if (expression instanceof Expression.NumberLiteral number) {
      return number.text();
    } else if (expression instanceof Expression.Text text) {
      return Escapes.quote(text.value());
    } else if (expression instanceof Expression.Truth truth) {
      return truth.value() ? Keyword.TRUE : Keyword.FALSE;
    } else if (expression instanceof Expression.Word word) {
      return word.quoted() ? "`" + word.text() + "`" : word.text();
    } else if (expression instanceof Expression.Dotted dotted) {
      return dotted.text();
    } else if (expression instanceof Expression.AddressLiteral literal) {
      return literal.address().text();
    } else if (expression instanceof Expression.Variable variable) {
      return "$" + variable.text();
    } else if (expression instanceof Expression.Occurrence occurrence) {
      return print(occurrence.text()) + "#" + occurrence.number();
    } else if (expression instanceof Expression.Interpolated string) {
      return string.pieces().stream()
          .map(Printer::print)
          .collect(Collectors.joining("", "f\"", "\""));
    } else if (expression instanceof Expression.ListLiteral list) {
      return "[" + join(list.elements()) + "]";
    } else if (expression instanceof Expression.Function function) {
      return function.name() + "(" + join(function.operands()) + ")";
    } else if (expression instanceof Expression.Range range) {
      int tight = Operator.RANGE_PRECEDENCE + 1;
      return wrap(
          print(range.from(), tight) + ".." + print(range.to(), tight),
          Operator.RANGE_PRECEDENCE,
          outer);
    } else if (expression instanceof Expression.Unary unary) {
      int precedence = unary.operator().precedence();
      String blank = unary.operator() == Operator.NOT ? " " : "";
      return wrap(
          unary.operator().sign() + blank + print(unary.operand(), precedence), precedence, outer);
    }
    Expression.Binary binary = (Expression.Binary) expression;
    int precedence = binary.operator().precedence();
    int left = binary.operator().isComparison() ? precedence + 1 : precedence;
    return wrap(
        print(binary.left(), left)
            + " "
            + binary.operator().sign()
            + " "
            + print(binary.right(), precedence + 1),
        precedence,
        outer);
  }

  private static String print(Piece piece) {
    if (piece instanceof Piece.Literal literal) {
      return Escapes.escape(literal.text()).replace("{", "{{").replace("}", "}}");
    }
    Piece.Hole hole = (Piece.Hole) piece;
    String format = hole.format() == null ? "" : ":" + hole.format();
    return "{" + print(hole.expression()) + format + "}";
  }

  private static String join(List<Expression> expressions) {
    return expressions.stream().map(Printer::print).collect(Collectors.joining(", "));
  }

  private static String wrap(String text, int precedence, int outer) {
    return precedence < outer ? "(" + text + ")" : text;
  }

  private static boolean startsWithWord(Expression expression) {
    if (expression instanceof Expression.Binary binary) {
      return startsWithWord(binary.left());
    }
    if (expression instanceof Expression.Range range) {
      return startsWithWord(range.from());
    }
    return expression instanceof Expression.Word word && !word.quoted();
  }
}
