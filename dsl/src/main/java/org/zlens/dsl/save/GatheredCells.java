package org.zlens.dsl.save;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.zlens.dsl.session.TableValue;
import org.zlens.engine.io.DataFault;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** The cells of a file as texts by column, bounded in number, until they become a table. */
final class GatheredCells {
  static final int MOST_COLUMNS = 10_000;
  static final int LONGEST_CELL = 1 << 20;
  private static final long MOST_CELLS = 20_000_000;

  private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,19}");
  private static final Pattern NUMBER =
      Pattern.compile(
          "[-+]?(?:[0-9]{1,400}(?:\\.[0-9]{0,400})?|\\.[0-9]{1,400})(?:[eE][-+]?[0-9]{1,4})?"
              + "|[-+]?Infinity|NaN");

  private final Path path;
  private final Map<String, List<String>> columns = new LinkedHashMap<>();
  private final Set<String> lowerCase = new TreeSet<>();
  private int rows;

  GatheredCells(Path path) {
    this.path = path;
  }

  /** Adds a column, whose cells in the rows so far are missing. */
  List<String> column(String name) {
    List<String> cells = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      cells.add(null);
    }
    if (columns.size() == MOST_COLUMNS) {
      throw DataFault.in(path, "has more than " + MOST_COLUMNS + " columns");
    }
    if (!lowerCase.add(name.toLowerCase(Locale.ROOT))) {
      throw DataFault.in(
          path,
          "has two columns " + DataFault.quote(name),
          "names must differ in more than upper and lower case");
    }
    columns.put(name, cells);
    checkSize();
    return cells;
  }

  /** The cells of a column so far, or null if there is no such column. */
  List<String> find(String name) {
    return columns.get(name);
  }

  /** Ends a row; columns that got no cell in it have a missing one. */
  void endRow() {
    rows++;
    checkSize();
    for (List<String> cells : columns.values()) {
      if (cells.size() < rows) {
        cells.add(null);
      }
    }
  }

  private void checkSize() {
    if ((long) Math.max(1, rows) * columns.size() > MOST_CELLS) {
      throw DataFault.in(path, "has more than " + MOST_CELLS + " cells");
    }
  }

  int rows() {
    return rows;
  }

  /** The table, with the types that the head tells, or those that fit all cells. */
  TableValue table(TableHead head) {
    List<ColumnHead> heads = head.columns();
    if (heads == null) {
      heads =
          columns.entrySet().stream()
              .map(column -> new ColumnHead(column.getKey(), fitting(column.getValue())))
              .toList();
    }
    List<String> told = heads.stream().map(ColumnHead::name).toList();
    if (!told.equals(List.copyOf(columns.keySet()))) {
      throw DataFault.in(
          path, "has the columns " + columns.keySet() + ", but is said to have " + told);
    }
    Table table = Table.create(head.title());
    for (ColumnHead one : heads) {
      table.addColumns(filled(one, columns.get(one.name())));
    }
    return new TableValue(table, head.units(), head.notes());
  }

  private Column<?> filled(ColumnHead head, List<String> cells) {
    Column<?> column = head.type().column(head.name());
    int row = 0;
    try {
      for (String cell : cells) {
        row++;
        head.type().append(column, cell);
      }
    } catch (IllegalArgumentException e) {
      throw DataFault.in(
          path,
          "row "
              + row
              + " of the column "
              + DataFault.quote(head.name())
              + " is "
              + DataFault.quote(cells.get(row - 1))
              + ", expected "
              + head.type().name().toLowerCase(Locale.ROOT));
    }
    return column;
  }

  private static CellType fitting(List<String> cells) {
    CellType type = null;
    for (String cell : cells) {
      if (cell != null && !cell.isEmpty()) {
        CellType own = fitting(cell);
        type = type == null ? own : both(type, own);
      }
    }
    return type == null ? CellType.TEXT : type;
  }

  private static CellType fitting(String cell) {
    if (WHOLE.matcher(cell).matches()) {
      try {
        long whole = Long.parseLong(cell);
        return whole == (int) whole && whole != Integer.MIN_VALUE ? CellType.INT : CellType.LONG;
      } catch (NumberFormatException e) {
        return CellType.DOUBLE;
      }
    } else if (NUMBER.matcher(cell).matches()) {
      return CellType.DOUBLE;
    }
    return cell.equals("true") || cell.equals("false") ? CellType.BOOLEAN : CellType.TEXT;
  }

  private static CellType both(CellType one, CellType other) {
    if (one == other) {
      return one;
    }
    boolean numbers =
        one.ordinal() <= CellType.DOUBLE.ordinal() && other.ordinal() <= CellType.DOUBLE.ordinal();
    return numbers ? CellType.values()[Math.max(one.ordinal(), other.ordinal())] : CellType.TEXT;
  }
}
