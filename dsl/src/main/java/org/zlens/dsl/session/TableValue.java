package org.zlens.dsl.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tech.tablesaw.api.Table;

/**
 * A table; its name is its title. Commands make a new one and never change one.
 *
 * @param units the unit of each column that has one
 * @param notes sentences to show below: which metric was used, what the rows sum to
 */
public record TableValue(Table table, Map<String, String> units, List<String> notes)
    implements Value {
  public TableValue {
    units = Map.copyOf(units);
    notes = List.copyOf(notes);
  }

  public TableValue(Table table) {
    this(table, Map.of(), List.of());
  }

  /** Other rows or columns of the same matter: the units stay. */
  public TableValue with(Table other) {
    return new TableValue(other.setName(table.name()), units, notes);
  }

  /** The same table with more notes. */
  public TableValue withNotes(List<String> more) {
    List<String> all = new ArrayList<>(notes);
    all.addAll(more);
    return new TableValue(table, units, all);
  }

  @Override
  public ValueKind kind() {
    return ValueKind.TABLE;
  }
}
