package org.zlens.dsl.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.zlens.dsl.session.TableValue;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** What a replay found. */
public final class ReplayReport {
  private final List<Difference> differences;
  private final int statements;
  private final int cells;
  private final List<String> inputs;
  private final List<String> versions;
  private final List<String> remarks;

  ReplayReport(
      List<Difference> differences,
      int statements,
      int cells,
      List<String> inputs,
      List<String> versions,
      List<String> remarks) {
    this.differences = List.copyOf(differences);
    this.statements = statements;
    this.cells = cells;
    this.inputs = List.copyOf(inputs);
    this.versions = List.copyOf(versions);
    this.remarks = List.copyOf(remarks);
  }

  /** How much is not as it was recorded. */
  public int moved() {
    return differences.size();
  }

  /** The first input that is another, or null: what most likely moved the numbers. */
  public String cause() {
    return inputs.isEmpty() ? null : inputs.get(0);
  }

  /** A row for each difference; the notes say what was compared and what may be the cause. */
  public TableValue table(double tolerance) {
    IntColumn line = IntColumn.create("line");
    StringColumn statement = StringColumn.create("statement");
    IntColumn value = IntColumn.create("value");
    IntColumn row = IntColumn.create("row");
    StringColumn column = StringColumn.create("column");
    StringColumn recorded = StringColumn.create("recorded");
    StringColumn now = StringColumn.create("now");
    DoubleColumn difference = DoubleColumn.create("difference");
    for (Difference one : differences) {
      line.append(one.line());
      statement.append(one.statement());
      value.append(one.value());
      row.append(one.row());
      column.append(one.column());
      recorded.append(one.recorded());
      now.append(one.now());
      if (Double.isNaN(one.size())) {
        difference.appendMissing();
      } else {
        difference.append(one.size());
      }
    }
    List<String> notes = new ArrayList<>();
    notes.add(
        (statements == 1 ? "1 statement" : statements + " statements")
            + " compared, "
            + (moved() == 0
                ? "all " + cells + " cells as recorded"
                : moved() + " differences in " + cells + " cells")
            + " (tolerance "
            + tolerance
            + ")");
    notes.addAll(remarks);
    inputs.forEach(input -> notes.add((moved() == 0 ? "" : "cause: ") + input));
    versions.forEach(version -> notes.add((moved() == 0 ? "" : "possible cause: ") + version));
    return new TableValue(
        Table.create("replay", line, statement, value, row, column, recorded, now, difference),
        Map.of(),
        notes);
  }
}
