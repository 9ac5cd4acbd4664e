package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.zlens.dsl.diagnostic.Fault;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.TextValue;
import org.zlens.dsl.syntax.Expression;
import org.zlens.dsl.syntax.Printer;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.engine.ZlensException.Kind;

/**
 * A column to be made: {@code feature}, {@code delta as size}, {@code abs(delta) as size}.
 *
 * @param expression a word where it is a column as it is
 * @param name what it is to be called
 */
record NamedColumn(Expression expression, String name) {
  private static final String AS = "as";

  /** Reads what stands side by side; two columns of one name are a {@link Fault}. */
  static List<NamedColumn> read(List<Expression> written) {
    List<NamedColumn> columns = new ArrayList<>();
    for (int i = 0; i < written.size(); i++) {
      Expression expression = word(written.get(i));
      String name = plainName(expression);
      if (i + 1 < written.size() && isAs(written.get(i + 1))) {
        if (i + 2 == written.size()
            || !(word(written.get(i + 2)) instanceof Expression.Word word)) {
          throw new Fault(
              Kind.TYPE,
              written.get(Math.min(i + 2, written.size() - 1)).span(),
              "'as' needs the name that the column shall have",
              "abs(delta) as size");
        }
        name = word.text();
        i += 2;
      }
      columns.add(new NamedColumn(expression, name));
    }
    return columns;
  }

  /** Throws a {@link Fault} where two columns have one name. */
  static void refuseTwins(List<NamedColumn> columns) {
    Map<String, String> seen = new HashMap<>();
    for (NamedColumn column : columns) {
      // Tables do not tell names apart by case.
      String before = seen.put(column.name().toLowerCase(Locale.ROOT), column.name());
      if (before != null) {
        throw new Fault(
            Kind.TYPE,
            column.expression().span(),
            before.equals(column.name())
                ? "column " + Quoted.of(before) + " is named twice"
                : "columns " + Quoted.of(before) + " and " + Quoted.of(column.name()) + " are one",
            "'as' gives a column another name");
      }
    }
  }

  /** A function of this, named as it would be written; what is one already stays. */
  NamedColumn in(String function) {
    if (!Aggregates.in(expression).isEmpty()) {
      return this;
    }
    Expression whole = new Expression.Function(expression.span(), function, List.of(expression));
    boolean named = !name.equals(plainName(expression));
    return new NamedColumn(whole, named ? name : Printer.print(whole));
  }

  /** The names of columns to be made, where they do not hang on a variable. */
  static Optional<List<String>> names(List<NamedColumn> columns) {
    List<String> names = new ArrayList<>();
    for (NamedColumn column : columns) {
      if (column.name().startsWith("$") && column.expression() instanceof Expression.Variable) {
        return Optional.empty();
      }
      names.add(column.name());
    }
    return Optional.of(names);
  }

  /** The same with the column that a variable names in the place of the variable. */
  NamedColumn resolved(Session session) {
    if (expression instanceof Expression.Variable variable
        && session.variables().get(variable.text()) instanceof TextValue text) {
      return new NamedColumn(
          new Expression.Word(variable.span(), text.text(), true),
          name.startsWith("$") ? text.text() : name);
    }
    return this;
  }

  /** A column's name may stand in quotes, and may look like an address. */
  static Expression word(Expression e) {
    if (e instanceof Expression.Text text) {
      return new Expression.Word(e.span(), text.value(), true);
    } else if (e instanceof Expression.AddressLiteral literal) {
      return new Expression.Word(e.span(), literal.address().text(), true);
    }
    return e;
  }

  private static String plainName(Expression e) {
    return e instanceof Expression.Word word ? word.text() : Printer.print(e);
  }

  private static boolean isAs(Expression e) {
    return e instanceof Expression.Word word && !word.quoted() && word.text().equals(AS);
  }
}
