package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.TableValue;
import org.zlens.engine.intervene.Sweep;

/** A sweep as a row for each thing that was ablated and each group of prompts. */
final class SweepTable {
  private final List<String> columns;
  private final PromptGroups groups;
  private final Workbench bench;
  private final List<Row> rows = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  private record Row(List<String> cells, String group, double effect, int active, int prompts) {}

  /**
   * @param column the name of what was ablated
   */
  SweepTable(String column, PromptGroups groups, Workbench bench) {
    this(List.of(column), groups, bench);
  }

  /**
   * @param columns the names of what tells one thing that was changed from another
   */
  SweepTable(List<String> columns, PromptGroups groups, Workbench bench) {
    this.columns = List.copyOf(columns);
    this.groups = groups;
    this.bench = bench;
  }

  /**
   * Adds what one ablation did.
   *
   * @param active the prompts in which it did anything, or null where that is all of them
   */
  void add(String address, Sweep.Row row, BitSet active) {
    add(List.of(address), row, active);
  }

  /** Adds what one change did that several cells tell of. */
  void add(List<String> cells, Sweep.Row row, BitSet active) {
    if (groups.isEmpty()) {
      int prompts = row.effects().length;
      int some = active == null ? prompts : active.cardinality();
      rows.add(new Row(cells, null, row.mean(), some, prompts));
      return;
    }
    for (Map.Entry<String, BitSet> group : groups.all().entrySet()) {
      BitSet here = (BitSet) group.getValue().clone();
      if (active != null) {
        here.and(active);
      }
      rows.add(
          new Row(
              cells,
              group.getKey(),
              row.byGroup().get(group.getKey()),
              here.cardinality(),
              group.getValue().cardinality()));
    }
  }

  /** A sentence to show below. */
  SweepTable note(String note) {
    notes.add(note);
    return this;
  }

  /** The rows by falling size of their effect. */
  TableValue table(String title, boolean countsActive) {
    String unit = bench.metricChoice().unit();
    Rows table = new Rows(title);
    rows.sort(Comparator.comparingDouble((Row row) -> Math.abs(row.effect())).reversed());
    for (Row row : rows) {
      for (int i = 0; i < columns.size(); i++) {
        table.text(columns.get(i), row.cells().get(i));
      }
      if (row.group() != null) {
        table.text(groups.tag(), row.group());
      }
      table.number("effect", row.effect(), unit);
      if (countsActive) {
        table.whole("active", row.active());
      }
      table.whole("prompts", row.prompts());
    }
    notes.forEach(table::note);
    table.note(bench.metricNote());
    if (!rows.isEmpty()) {
      bench.unmovedNote(rows.stream().mapToDouble(Row::effect)).ifPresent(table::note);
    }
    return table
        .note("an effect is the mean of ablated minus clean over all prompts of its row")
        .table();
  }
}
