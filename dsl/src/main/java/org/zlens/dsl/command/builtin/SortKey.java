package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.List;
import org.zlens.dsl.diagnostic.Fault;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.TextValue;
import org.zlens.dsl.syntax.Expression;
import org.zlens.engine.ZlensException.Kind;

/** What rows are put in order by: {@code template}, {@code abs(delta) descending}. */
record SortKey(Expression expression, boolean descending) {
  static final String ASCENDING = "ascending";
  static final String DESCENDING = "descending";

  /** Reads what stands side by side, a direction after the key that it is about. */
  static List<SortKey> read(List<Expression> written) {
    List<SortKey> keys = new ArrayList<>();
    boolean directed = true;
    for (Expression e : written) {
      boolean direction =
          e instanceof Expression.Word word
              && !word.quoted()
              && (word.text().equals(ASCENDING) || word.text().equals(DESCENDING));
      if (!direction) {
        keys.add(new SortKey(NamedColumn.word(e), false));
      } else if (directed) {
        String text = ((Expression.Word) e).text();
        throw new Fault(
            Kind.TYPE,
            e.span(),
            "'" + text + "' has no key before it",
            "sort by template, delta descending");
      } else if (((Expression.Word) e).text().equals(DESCENDING)) {
        SortKey key = keys.remove(keys.size() - 1);
        keys.add(new SortKey(key.expression(), true));
      }
      directed = direction;
    }
    return keys;
  }

  /** The same with the column that a variable names in the place of the variable. */
  SortKey resolved(Session session) {
    return expression instanceof Expression.Variable variable
            && session.variables().get(variable.text()) instanceof TextValue text
        ? new SortKey(new Expression.Word(variable.span(), text.text(), true), descending)
        : this;
  }
}
