package org.zlens.dsl.command.builtin;

import java.util.List;
import java.util.Optional;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Reading;
import org.zlens.dsl.diagnostic.Fault;
import org.zlens.dsl.diagnostic.Suggestion;
import org.zlens.dsl.session.Cells;
import org.zlens.dsl.session.Functions;
import org.zlens.dsl.syntax.Expression;
import org.zlens.dsl.syntax.Piece;
import org.zlens.dsl.syntax.Printer;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.engine.ZlensException.Kind;

/**
 * Holds expressions over columns, before they run, against the columns of the table that will come
 * in, as far as they are known.
 */
final class ColumnNames {
  private final Optional<List<String>> columns;
  private final Forecast forecast;

  ColumnNames(Arguments arguments, Forecast forecast) {
    this.columns = arguments.inputColumns();
    this.forecast = forecast;
  }

  /** Throws a {@link Fault} at the first name or function that there cannot be. */
  void check(Expression e) {
    if (e instanceof Expression.Word word) {
      checkName(word.text(), word.text(), e);
    } else if (e instanceof Expression.Dotted dotted) {
      checkName(dotted.text(), root(dotted.text()), e);
    } else if (e instanceof Expression.Variable variable) {
      checkVariable(root(variable.text()), e);
    } else if (e instanceof Expression.Function function) {
      checkFunction(function);
    } else if (e instanceof Expression.ListLiteral list) {
      list.elements().forEach(this::check);
    } else if (e instanceof Expression.Interpolated string) {
      holes(string).forEach(this::check);
    } else if (e instanceof Expression.Range range) {
      check(range.from());
      check(range.to());
    } else if (e instanceof Expression.Unary unary) {
      check(unary.operand());
    } else if (e instanceof Expression.Binary binary) {
      check(binary.left());
      check(binary.right());
    }
  }

  /** The expressions within a text. */
  static List<Expression> holes(Expression.Interpolated string) {
    return string.pieces().stream()
        .filter(Piece.Hole.class::isInstance)
        .map(piece -> ((Piece.Hole) piece).expression())
        .toList();
  }

  /** Throws a {@link Fault} if there can be no column of a name. */
  void checkColumn(String name, Expression e) {
    if (columns.isPresent() && !columns.get().contains(name)) {
      throw new Fault(
          Kind.NAME,
          e.span(),
          "no column " + Quoted.of(name) + " in this table",
          hint(name, columns.get()));
    }
  }

  private void checkName(String whole, String root, Expression e) {
    if (columns.isEmpty() || columns.get().contains(whole)) {
      return;
    }
    if (!isVariable(root)) {
      throw new Fault(
          Kind.NAME,
          e.span(),
          "nothing here is named " + Quoted.of(root),
          hint(root, columns.get()));
    }
  }

  private void checkVariable(String root, Expression e) {
    if (!isVariable(root)) {
      throw new Fault(
          Kind.NAME,
          e.span(),
          "nothing here is named " + Quoted.of(root),
          Suggestion.didYouMean(root, forecast.variables().keySet()));
    }
  }

  private void checkFunction(Expression.Function function) {
    if (columns.isPresent() && columns.get().contains(Printer.print(function))) {
      return;
    }
    Functions.checkName(function);
    function.operands().forEach(this::check);
  }

  private boolean isVariable(String name) {
    return forecast.isOpen()
        || Reading.isLast(name, forecast)
        || forecast.variables().containsKey(name);
  }

  private static String root(String dotted) {
    int dot = dotted.indexOf('.');
    return dot < 0 ? dotted : dotted.substring(0, dot);
  }

  private static String hint(String name, List<String> all) {
    return Suggestion.didYouMean(name, all, Cells.columnsHint(all));
  }
}
