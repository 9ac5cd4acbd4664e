package org.zlens.dsl.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.zlens.dsl.session.Cells;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Token;

/**
 * The columns that a stage will find, as far as that is known without running what is before it.
 */
final class Columns {
  private static final String PLAIN = "[\\p{L}_][\\p{L}0-9_]*";

  private Columns() {}

  /** Whether a column's name is a word of the language as it is. */
  static boolean isPlain(String name) {
    return name.matches(PLAIN);
  }

  /** Those of the table that comes in through the pipe, else of the last result. */
  static List<Candidate> before(Place place, Registry registry, Forecast forecast) {
    Value value = forecast.last();
    if (place.isPiped()) {
      List<Token> first = place.before().get(0);
      Value named = first.size() == 1 ? forecast.constant(first.get(0).value()) : null;
      Optional<Call> call = Call.in(registry, first);
      // Of a table that is yet to be made nothing is known; it is often of the form of the last.
      value = named != null && call.isEmpty() ? named : value;
    }
    TableValue table =
        value == null || value.kind() == ValueKind.NOTHING ? null : Cells.tableOf(value);
    List<Candidate> columns = new ArrayList<>();
    if (table != null) {
      for (String name : new TreeSet<>(table.table().columnNames())) {
        columns.add(new Candidate(isPlain(name) ? name : "`" + name + "`", "column"));
      }
    }
    return columns;
  }
}
