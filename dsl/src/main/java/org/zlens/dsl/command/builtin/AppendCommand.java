package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.diagnostic.Suggestion;
import org.zlens.dsl.session.Cells;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.engine.ZlensException.Kind;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** {@code append}: the rows of another table below those of this one. */
public final class AppendCommand implements Command {
  private static final Parameter<Types.NamedTable> OTHER =
      Parameter.of("table", Types.TABLE, "the other table, by the name that 'let' gave it");

  private static final Signature SIGNATURE =
      Signature.verb(
              "append", Group.TABLES, "put the rows of another table below those of this one")
          .details(
              """
              Both must have the same columns, in any order. In a loop it gathers what each turn \
              finds: 'let all = $all | append one'.""")
          .parameters(OTHER)
          .input(TableRows.TABULAR)
          .result(ValueKind.TABLE)
          .example(
              """
              let first = set | top 1 by name lowest
              set | where name = "seed" | append first""",
              "two rows of different origin")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    if (arguments.isKnown(OTHER) && arguments.inputColumns().isPresent()) {
      checkNames(arguments, arguments.inputColumns().get());
    }
  }

  @Override
  public Optional<List<String>> resultColumns(Arguments arguments, Forecast forecast) {
    return arguments.inputColumns();
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    TableValue above = new TableRows(arguments.input(), session).value();
    TableValue below = arguments.get(OTHER).table();
    checkNames(arguments, above.table().columnNames());
    Table ordered = Table.create(below.table().name());
    // What was worked out of no rows has no kind yet: a table that has rows says what it is.
    boolean first = above.table().isEmpty();
    boolean one = first || below.table().isEmpty();
    for (Column<?> own : above.table().columns()) {
      Column<?> other = below.table().column(own.name());
      if (!one && !own.type().equals(other.type())) {
        throw fault(
            arguments,
            Quoted.of(own.name())
                + " is of "
                + own.type().getPrinterFriendlyName()
                + " values in this table and of "
                + other.type().getPrinterFriendlyName()
                + " values in the other",
            null);
      }
      ordered.addColumns(other);
    }
    Set<String> notes = new LinkedHashSet<>(above.notes());
    notes.addAll(below.notes());
    Table rows = one ? (first ? ordered : above.table()) : above.table().copy().append(ordered);
    Table all = Table.create(above.table().name(), rows.columns().toArray(Column<?>[]::new));
    return new TableValue(all, above.units(), List.copyOf(notes));
  }

  private static void checkNames(Arguments arguments, List<String> own) {
    List<String> others = arguments.get(OTHER).table().table().columnNames();
    lacks(arguments, own, others, "the other table");
    lacks(arguments, others, own, "this table");
  }

  private static void lacks(
      Arguments arguments, List<String> wanted, List<String> there, String where) {
    List<String> left = new ArrayList<>(wanted);
    left.removeAll(there);
    if (!left.isEmpty()) {
      throw fault(
          arguments,
          where + " has no column " + Quoted.of(left.get(0)),
          Suggestion.didYouMean(left.get(0), there, Cells.columnsHint(there)));
    }
  }

  private static RuntimeException fault(Arguments arguments, String message, String hint) {
    return arguments.fault(OTHER, Kind.TYPE, message, hint);
  }
}
