package org.zlens.dsl.syntax;

import java.util.stream.Collectors;

/** The shape of syntax without its spans, every grouping spelt out, for comparing two parses. */
public final class SyntaxDump {
  private SyntaxDump() {}

  public static String dump(Script script) {
    return script.statements().stream().map(SyntaxDump::dump).collect(Collectors.joining("\n"));
  }

  private static String dump(Statement statement) {
    if (statement instanceof Statement.Let let) {
      return "(let " + let.name() + " " + dump(let.pipeline()) + ")";
    }
    if (statement instanceof Statement.For loop) {
      return "(for "
          + loop.name()
          + " "
          + dump(loop.values())
          + loop.body().stream().map(s -> " " + dump(s)).collect(Collectors.joining())
          + ")";
    }
    if (statement instanceof Statement.With with) {
      return "(with "
          + with.edits().stream().map(SyntaxDump::dump).collect(Collectors.joining(", ", "[", "]"))
          + with.body().stream().map(s -> " " + dump(s)).collect(Collectors.joining())
          + ")";
    }
    if (statement instanceof Statement.Param param) {
      String initial = param.initial() == null ? "" : " " + dump(param.initial());
      return "(param " + param.name() + initial + ")";
    }
    if (statement instanceof Statement.Include include) {
      return "(include " + dump(include.file()) + ")";
    }
    return ((Statement.Pipeline) statement)
        .stages().stream().map(SyntaxDump::dump).collect(Collectors.joining(" | "));
  }

  private static String dump(Stage stage) {
    if (stage instanceof Stage.Call call) {
      return "("
          + call.verb()
          + call.arguments().stream().map(a -> " " + dump(a)).collect(Collectors.joining())
          + ")";
    }
    return "<" + dump(((Stage.Source) stage).expression()) + ">";
  }

  private static String dump(Piece piece) {
    if (piece instanceof Piece.Hole hole) {
      return "{" + dump(hole.expression()) + " as " + hole.format() + "}";
    }
    return "text:" + ((Piece.Literal) piece).text();
  }

  static String dump(Expression e) {
    if (e instanceof Expression.Binary b) {
      return "(" + dump(b.left()) + b.operator().sign() + dump(b.right()) + ")";
    } else if (e instanceof Expression.Unary u) {
      return "(" + u.operator() + " " + dump(u.operand()) + ")";
    } else if (e instanceof Expression.Range r) {
      return "(" + dump(r.from()) + ".." + dump(r.to()) + ")";
    } else if (e instanceof Expression.ListLiteral l) {
      return l.elements().stream().map(SyntaxDump::dump).collect(Collectors.joining(",", "[", "]"));
    } else if (e instanceof Expression.Function f) {
      return f.name()
          + f.operands().stream().map(SyntaxDump::dump).collect(Collectors.joining(",", "(", ")"));
    } else if (e instanceof Expression.AddressLiteral a) {
      return a.address().toString();
    } else if (e instanceof Expression.Text t) {
      return "text:" + t.value();
    } else if (e instanceof Expression.Occurrence o) {
      return dump(o.text()) + "#" + o.number();
    } else if (e instanceof Expression.Interpolated i) {
      return i.pieces().stream().map(SyntaxDump::dump).collect(Collectors.joining(",", "f<", ">"));
    } else if (e instanceof Expression.Word w) {
      return (w.quoted() ? "quoted:" : "word:") + w.text();
    }
    return Printer.print(e);
  }
}
