package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.zlens.dsl.session.TableValue;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * Collects a table cell by cell. The first row decides which columns there are, so every row gives
 * the same cells in the same order; a table that may have no rows declares them before, with {@link
 * #texts}, {@link #wholes} and {@link #numbers}.
 */
final class Rows {
  private final String title;
  private final Map<String, Column<?>> columns = new LinkedHashMap<>();
  private final Map<String, String> units = new HashMap<>();
  private final List<String> notes = new ArrayList<>();

  Rows(String title) {
    this.title = title;
  }

  /** A text; null is a missing cell. */
  Rows text(String column, String value) {
    StringColumn cells = (StringColumn) columns.computeIfAbsent(column, StringColumn::create);
    if (value == null) {
      cells.appendMissing();
    } else {
      cells.append(value);
    }
    return this;
  }

  /** A whole number; a negative one, as the engine marks what is not there, is a missing cell. */
  Rows whole(String column, int value) {
    IntColumn cells = (IntColumn) columns.computeIfAbsent(column, IntColumn::create);
    if (value < 0) {
      cells.appendMissing();
    } else {
      cells.append(value);
    }
    return this;
  }

  /** A number; NaN is a missing cell. */
  Rows number(String column, double value, String unit) {
    DoubleColumn cells = (DoubleColumn) columns.computeIfAbsent(column, DoubleColumn::create);
    cells.append(value);
    if (!unit.isEmpty()) {
      units.put(column, unit);
    }
    return this;
  }

  /** True or false. */
  Rows truth(String column, boolean value) {
    ((BooleanColumn) columns.computeIfAbsent(column, BooleanColumn::create)).append(value);
    return this;
  }

  /** Columns of texts, which may stay without rows. */
  Rows texts(String... names) {
    for (String name : names) {
      columns.computeIfAbsent(name, StringColumn::create);
    }
    return this;
  }

  /** Columns of whole numbers, which may stay without rows. */
  Rows wholes(String... names) {
    for (String name : names) {
      columns.computeIfAbsent(name, IntColumn::create);
    }
    return this;
  }

  /** Columns of numbers, which may stay without rows. */
  Rows numbers(String... names) {
    for (String name : names) {
      columns.computeIfAbsent(name, DoubleColumn::create);
    }
    return this;
  }

  /** Columns of truths, which may stay without rows. */
  Rows truths(String... names) {
    for (String name : names) {
      columns.computeIfAbsent(name, BooleanColumn::create);
    }
    return this;
  }

  /** A sentence to show below. */
  Rows note(String note) {
    notes.add(note);
    return this;
  }

  TableValue table() {
    Table table = Table.create(title);
    columns.values().forEach(table::addColumns);
    return new TableValue(table, units, notes);
  }
}
