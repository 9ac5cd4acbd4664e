package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.zlens.dsl.session.Cells;
import org.zlens.dsl.session.StripsValue;
import org.zlens.dsl.session.TableValue;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.report.Axis;
import org.zlens.engine.report.StripsPage;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.columns.Column;

/** Strips of tokens as a page. */
final class StripsChart {
  /** More tokens than this would not open. */
  private static final int MOST_TOKENS = 200_000;

  private StripsChart() {}

  static StripsPage of(StripsValue value, String title, List<String> provenance) {
    TableValue table = value.table();
    int rows = table.table().rowCount();
    if (rows == 0) {
      throw new ZlensException(
          Kind.RUNTIME, "there is nothing to draw: the table has no rows", null);
    }
    if (rows > MOST_TOKENS) {
      throw new ZlensException(
          Kind.RUNTIME,
          "a page of " + rows + " tokens would not open",
          "take fewer: ... | where prompt < 100 | strips by ... | plot");
    }
    Column<?> tokens = Cells.find(table.table(), value.token());
    NumericColumn<?> numbers = (NumericColumn<?>) Cells.find(table.table(), value.number());
    Column<?> strip = value.strip() == null ? null : Cells.find(table.table(), value.strip());
    Map<String, List<Integer>> places = new LinkedHashMap<>();
    for (int row = 0; row < rows; row++) {
      String name = strip == null ? "" : strip.getUnformattedString(row);
      places.computeIfAbsent(name, key -> new ArrayList<>()).add(row);
    }
    List<StripsPage.Strip> strips = new ArrayList<>();
    places.forEach(
        (name, own) ->
            strips.add(
                new StripsPage.Strip(
                    places.size() == 1 ? "" : name,
                    own.stream().map(row -> text(tokens, row)).toList(),
                    own.stream().mapToDouble(row -> number(numbers, row)).toArray())));
    String unit = table.units().getOrDefault(value.number(), "");
    Axis number = new Axis(value.number(), unit.equals(value.number()) ? "" : unit);
    return new StripsPage(title, table.notes(), strips, number, provenance);
  }

  private static String text(Column<?> column, int row) {
    return column.isMissing(row) ? "" : column.getUnformattedString(row);
  }

  private static double number(NumericColumn<?> column, int row) {
    return column.isMissing(row) ? Double.NaN : column.getDouble(row);
  }
}
