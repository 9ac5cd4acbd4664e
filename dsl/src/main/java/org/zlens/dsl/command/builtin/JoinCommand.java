package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.diagnostic.Fault;
import org.zlens.dsl.diagnostic.Suggestion;
import org.zlens.dsl.session.Cells;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Expression;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.engine.ZlensException.Kind;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** {@code join}: rows of two tables side by side where their keys are equal. */
public final class JoinCommand implements Command {
  private static final Parameter<Types.NamedTable> OTHER =
      Parameter.of("table", Types.TABLE, "the other table, by the name that 'let' gave it");

  private static final Parameter<List<Expression>> ON =
      Parameter.after(
              "on",
              "column",
              Types.expression("a column of both tables"),
              "where rows must be equal; 'a = b' where the names differ")
          .many();

  private static final Parameter<Boolean> LEFT =
      Parameter.flag("left", "keep rows without a partner too");

  private static final Parameter<String> SUFFIX =
      Parameter.after(
              "suffix",
              "text",
              Types.STRING,
              "what the other table's columns get where names clash")
          .optional();

  private static final Signature SIGNATURE =
      Signature.verb("join", Group.TABLES, "put rows of two tables with equal keys side by side")
          .details(
              """
              The result has the columns of this table and those of the other but its keys. Where \
              both have a column of one name, the other's gets '_' and the variable's name behind \
              it, unless 'suffix' says otherwise. A missing key has no partner. Notes tell how many \
              rows have none, and where keys have several rows on both sides.""")
          .parameters(OTHER, ON, LEFT, SUFFIX)
          .input(TableRows.TABULAR)
          .result(ValueKind.TABLE)
          .example(
              """
              let lengths = set | select name, length(name) as letters
              set | join lengths on name | select name letters value""",
              "a table with a column of another one")
          .example(
              """
              model sprig
              prompt "When Ann and Bob went to the store, Bob gave a drink to" answer " Ann" over " Bob"
              let all = features L2
              prompt "When Ann and Bob went to the store, Ann gave a drink to" answer " Bob" over " Ann"
              features L2 | join all on position feature | top 5 by activation - activation_all""",
              "what became more active, features of two prompts side by side")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    ColumnNames names = new ColumnNames(arguments, forecast);
    for (Expression written : arguments.get(ON)) {
      JoinKey key = JoinKey.read(written);
      names.checkColumn(key.left().text(), key.left());
      if (arguments.isKnown(OTHER)) {
        other(arguments, key);
      }
    }
  }

  @Override
  public Optional<List<String>> resultColumns(Arguments arguments, Forecast forecast) {
    if (!arguments.isKnown(OTHER)
        || arguments.inputColumns().isEmpty()
        || arguments.has(SUFFIX) && !arguments.isKnown(SUFFIX)) {
      return Optional.empty();
    }
    List<String> left = arguments.inputColumns().get();
    List<String> all = new ArrayList<>(left);
    all.addAll(newNames(arguments, left).values());
    return Optional.of(all);
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    TableValue left = new TableRows(arguments.input(), session).value();
    TableValue right = arguments.get(OTHER).table();
    List<Column<?>> leftKeys = new ArrayList<>();
    List<Column<?>> rightKeys = new ArrayList<>();
    for (Expression written : arguments.get(ON)) {
      JoinKey key = JoinKey.read(written);
      Column<?> own = find(left.table(), key.left(), "this table");
      Column<?> others = other(arguments, key);
      if (!sort(own).equals(sort(others))) {
        throw new Fault(
            Kind.TYPE,
            written.span(),
            "rows cannot be equal here: "
                + Quoted.of(own.name())
                + " is of "
                + sort(own)
                + " in this table and of "
                + sort(others)
                + " in "
                + title(arguments),
            null);
      }
      leftKeys.add(own);
      rightKeys.add(others);
    }
    Map<String, String> names = newNames(arguments, left.table().columnNames());
    JoinedRows rows = JoinedRows.of(leftKeys, rightKeys, arguments.get(LEFT));
    Table table = Table.create(left.table().name());
    left.table().columns().forEach(c -> table.addColumns(c.subset(rows.left())));
    Map<String, String> units = new HashMap<>(left.units());
    for (Column<?> column : right.table().columns()) {
      String name = names.get(column.name());
      if (name != null) {
        table.addColumns(JoinedRows.pick(column, rows.right()).setName(name));
        if (right.units().containsKey(column.name())) {
          units.put(name, right.units().get(column.name()));
        }
      }
    }
    Set<String> notes = new LinkedHashSet<>(left.notes());
    notes.addAll(right.notes());
    notes.addAll(notes(arguments, rows, left.table().rowCount(), right.table().rowCount()));
    return new TableValue(table, units, List.copyOf(notes));
  }

  private static List<String> notes(Arguments arguments, JoinedRows rows, int left, int right) {
    List<String> notes = new ArrayList<>();
    String title = title(arguments);
    if (rows.alone() > 0) {
      notes.add(
          rows.alone()
              + " of "
              + left
              + " rows have no partner in "
              + title
              + (arguments.get(LEFT) ? "" : " and are left out"));
    }
    if (rows.unused() > 0) {
      notes.add(rows.unused() + " of " + right + " rows of " + title + " have no partner here");
    }
    if (rows.manyToMany() > 0) {
      notes.add(
          rows.manyToMany()
              + (rows.manyToMany() == 1 ? " key has" : " keys have")
              + " several rows in both tables; each stands beside each");
    }
    return notes;
  }

  /** What the other table's columns will be called, keys left out. */
  private static Map<String, String> newNames(Arguments arguments, List<String> left) {
    Types.NamedTable other = arguments.get(OTHER);
    String suffix = arguments.find(SUFFIX).orElse(other.name() == null ? "_2" : "_" + other.name());
    Set<String> taken =
        left.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    Set<String> keys = new HashSet<>();
    arguments.get(ON).forEach(written -> keys.add(JoinKey.read(written).right().text()));
    Map<String, String> names = new LinkedHashMap<>();
    for (String name : other.table().table().columnNames()) {
      if (keys.contains(name)) {
        continue;
      }
      String chosen = taken.contains(name.toLowerCase(Locale.ROOT)) ? name + suffix : name;
      if (!taken.add(chosen.toLowerCase(Locale.ROOT))) {
        throw arguments.fault(
            arguments.has(SUFFIX) ? SUFFIX : OTHER,
            Kind.TYPE,
            "both tables have a column " + Quoted.of(chosen),
            "give another suffix: suffix \"_2\"");
      }
      names.put(name, chosen);
    }
    return names;
  }

  private static Column<?> other(Arguments arguments, JoinKey key) {
    return find(arguments.get(OTHER).table().table(), key.right(), title(arguments));
  }

  private static Column<?> find(Table table, Expression.Word name, String where) {
    Column<?> column = Cells.find(table, name.text());
    if (column == null) {
      List<String> all = table.columnNames();
      throw new Fault(
          Kind.NAME,
          name.span(),
          "no column " + Quoted.of(name.text()) + " in " + where,
          Suggestion.didYouMean(name.text(), all, Cells.columnsHint(all)));
    }
    return column;
  }

  private static String title(Arguments arguments) {
    String name = arguments.get(OTHER).name();
    return name == null ? "the other table" : Quoted.of(name);
  }

  private static String sort(Column<?> column) {
    return column instanceof NumericColumn<?>
        ? "numbers"
        : column instanceof BooleanColumn ? "truths" : "texts";
  }
}
