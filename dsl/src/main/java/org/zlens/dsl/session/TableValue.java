package org.zlens.dsl.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tech.tablesaw.api.Table;

/**
 * A table; its name is its title. Commands make a new one and never change one.
 *
 * @param units the unit of each column that has one
 * @param notes sentences to show below: which metric was used, what the rows sum to
 * @param score the same as numbers of one pass, where the rows are pairs of an attention score
 */
public record TableValue(
    Table table, Map<String, String> units, List<String> notes, Optional<AttentionScore> score)
    implements Value {
  public TableValue {
    units = Map.copyOf(units);
    notes = List.copyOf(notes);
  }

  /** A table that is no attention score. */
  public TableValue(Table table, Map<String, String> units, List<String> notes) {
    this(table, units, notes, Optional.empty());
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
    return new TableValue(table, units, all, score);
  }

  /** The same table with the score that its rows are pairs of. */
  public TableValue with(AttentionScore of) {
    return new TableValue(table, units, notes, Optional.of(of));
  }

  @Override
  public ValueKind kind() {
    return ValueKind.TABLE;
  }
}
