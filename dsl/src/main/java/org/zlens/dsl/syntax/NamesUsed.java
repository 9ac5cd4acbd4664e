package org.zlens.dsl.syntax;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The names in a statement that could be variables: bare words, and the roots of fields. */
public final class NamesUsed {
  private final Set<String> names = new TreeSet<>();

  private NamesUsed() {}

  /** The names in all arguments and sources of a pipeline, in alphabetical order. */
  public static Set<String> in(Statement.Pipeline pipeline) {
    NamesUsed used = new NamesUsed();
    for (Stage stage : pipeline.stages()) {
      if (stage instanceof Stage.Call call) {
        used.names.add(call.verb());
        used.visit(call.arguments());
      } else {
        used.visit(((Stage.Source) stage).expression());
      }
    }
    return used.names;
  }

  /** The names in an expression, in alphabetical order. */
  public static Set<String> in(Expression expression) {
    NamesUsed used = new NamesUsed();
    used.visit(expression);
    return used.names;
  }

  private void visit(List<Expression> expressions) {
    expressions.forEach(this::visit);
  }

  private void visit(Expression e) {
    if (e instanceof Expression.Word word) {
      names.add(word.text());
    } else if (e instanceof Expression.Dotted dotted) {
      names.add(root(dotted.text()));
    } else if (e instanceof Expression.Variable variable) {
      names.add(root(variable.text()));
    } else if (e instanceof Expression.Interpolated string) {
      for (Piece piece : string.pieces()) {
        if (piece instanceof Piece.Hole hole) {
          visit(hole.expression());
        }
      }
    } else if (e instanceof Expression.Occurrence occurrence) {
      visit(occurrence.text());
    } else if (e instanceof Expression.ListLiteral list) {
      visit(list.elements());
    } else if (e instanceof Expression.Function function) {
      visit(function.operands());
    } else if (e instanceof Expression.Range range) {
      visit(range.from());
      visit(range.to());
    } else if (e instanceof Expression.Unary unary) {
      visit(unary.operand());
    } else if (e instanceof Expression.Binary binary) {
      visit(binary.left());
      visit(binary.right());
    }
  }

  private static String root(String dotted) {
    int dot = dotted.indexOf('.');
    return dot < 0 ? dotted : dotted.substring(0, dot);
  }
}
