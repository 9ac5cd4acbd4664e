package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.zlens.dsl.session.Cells;
import org.zlens.dsl.session.TableValue;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.report.Axis;
import org.zlens.engine.report.Plot;
import org.zlens.engine.report.Scale;
import org.zlens.engine.report.Series;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.columns.Column;

/** Chooses how to draw a table, as far as the user has not. */
final class Chart {
  /** More series than this are not to be told apart. */
  private static final int MOST_SERIES = 8;

  private static final int MOST_MARKS = 200_000;

  /** Fewer numbers than this are a line of their own rather than a distribution. */
  private static final int FEWEST_COUNTED = 30;

  private static final String HISTOGRAM = "histogram";

  private static final String HEATMAP = "heatmap";

  /** Columns that cross each other: what goes along x, and what goes down. */
  private static final List<List<String>> GRIDS =
      List.of(
          List.of("key", "query"),
          List.of("source", "head"),
          List.of("source", "destination"),
          List.of("position", "layer"));

  /** Whole numbers that say where something is and not how much. */
  private static final Set<String> PLACES =
      Set.of("prompt", "prompts", "position", "source", "destination", "layer", "id", "rank");

  private final TableValue value;
  private final String kind;
  private final Column<?> x;
  private final List<Column<?>> ys;
  private final Column<?> by;

  /**
   * @param kind bar, stack, line, scatter, histogram or heatmap; null to choose
   * @param x the column along x; null to choose
   * @param ys columns of numbers; empty to choose one
   * @param by the column that makes series, or the rows of a heatmap; null to choose
   */
  Chart(TableValue value, String kind, Column<?> x, List<Column<?>> ys, Column<?> by) {
    this.value = value;
    if (value.table().rowCount() == 0) {
      throw new ZlensException(
          Kind.RUNTIME, "there is nothing to draw: the table has no rows", null);
    }
    if (value.table().rowCount() > MOST_MARKS) {
      throw new ZlensException(
          Kind.RUNTIME,
          "a picture of " + value.table().rowCount() + " rows would not open",
          "take fewer: ... | top 1000 by ... | plot");
    }
    boolean told = kind != null && !kind.equals(HEATMAP) || x != null || by != null;
    List<Column<?>> grid = told || ys.size() > 1 ? List.of() : grid(value);
    if (!grid.isEmpty()) {
      this.x = grid.get(0);
      this.by = grid.get(1);
      this.ys = ys.isEmpty() ? List.of(measure(value, this.x)) : ys;
      this.kind = HEATMAP;
      return;
    }
    this.x = x != null || HISTOGRAM.equals(kind) ? x : firstX(value, ys);
    this.ys = ys.isEmpty() ? List.of(measure(value, this.x)) : ys;
    this.by = by != null ? by : secondText(kind);
    this.kind = kind != null ? kind : chosen();
  }

  /** Two columns of names that cross each other, if the table is made of their pairs. */
  private static List<Column<?>> grid(TableValue value) {
    for (List<String> pair : GRIDS) {
      Column<?> across = Cells.find(value.table(), pair.get(0));
      Column<?> down = Cells.find(value.table(), pair.get(1));
      if (across == null || down == null || isNumeric(across) || isNumeric(down)) {
        continue;
      }
      Set<List<String>> pairs = new HashSet<>();
      if (IntStream.range(0, across.size())
          .allMatch(row -> pairs.add(List.of(text(across, row), text(down, row))))) {
        return List.of(across, down);
      }
    }
    return TokenGrid.of(value.table());
  }

  private static Column<?> firstX(TableValue value, List<Column<?>> ys) {
    List<Column<?>> columns = value.table().columns();
    List<Column<?>> numbers = columns.stream().filter(Chart::isNumeric).toList();
    List<Column<?>> names = columns.stream().filter(column -> !isNumeric(column)).toList();
    return names.stream()
        .filter(column -> distinct(column) > 1)
        .findFirst()
        .or(() -> names.stream().findFirst())
        .orElse(numbers.size() > 1 && !ys.contains(numbers.get(0)) ? numbers.get(0) : null);
  }

  /** The first column of numbers that have a unit, else of any numbers but places. */
  private static Column<?> measure(TableValue value, Column<?> x) {
    List<Column<?>> numbers =
        value.table().columns().stream().filter(c -> isNumeric(c) && c != x).toList();
    return numbers.stream()
        .filter(column -> value.units().containsKey(column.name()))
        .findFirst()
        .or(() -> numbers.stream().filter(column -> !PLACES.contains(column.name())).findFirst())
        .or(() -> numbers.stream().findFirst())
        .orElseThrow(
            () ->
                new ZlensException(
                    Kind.TYPE, "there is nothing to draw: no column of numbers", null));
  }

  /** A second column of names, if the names of the first come again without it. */
  private Column<?> secondText(String kind) {
    if (x == null || isNumeric(x) || ys.size() > 1 || distinct(x) == x.size()) {
      return null;
    }
    for (Column<?> column : value.table().columns()) {
      boolean few = distinct(column) <= MOST_SERIES;
      if (!isNumeric(column) && column != x && distinct(column) > 1 && isKey(column)) {
        return few || kind == null || kind.equals(HEATMAP) ? column : null;
      }
    }
    return null;
  }

  private boolean isKey(Column<?> second) {
    Set<List<String>> seen = new HashSet<>();
    return IntStream.range(0, x.size())
        .allMatch(row -> seen.add(List.of(text(x, row), text(second, row))));
  }

  private String chosen() {
    if (x == null) {
      return ys.size() == 1 && value.table().rowCount() >= FEWEST_COUNTED ? HISTOGRAM : "line";
    }
    if (isNumeric(x)) {
      return isRising(x) ? "line" : "scatter";
    }
    return by != null && distinct(by) > MOST_SERIES ? HEATMAP : "bar";
  }

  private static boolean isRising(Column<?> column) {
    NumericColumn<?> numbers = (NumericColumn<?>) column;
    return IntStream.range(1, numbers.size())
        .allMatch(row -> numbers.getDouble(row) > numbers.getDouble(row - 1));
  }

  Plot plot(String title, List<String> provenance) {
    String across = x == null ? "row" : x.name();
    Axis measure =
        ys.size() == 1
            ? axis(ys.get(0))
            : new Axis(names(ys), value.units().getOrDefault(ys.get(0).name(), ""));
    if (kind.equals(HISTOGRAM)) {
      return new Plot(title, measure, new Axis("rows", ""), histogram(), value.notes(), provenance);
    }
    if (kind.equals(HEATMAP)) {
      if (x == null || by == null) {
        throw new ZlensException(
            Kind.USAGE, "a heatmap needs two columns of names", "heatmap x source by head");
      }
      List<String> notes = new ArrayList<>(value.notes());
      remainders().forEach(row -> notes.add(leftOut(row)));
      return new Plot(title, axis(x), axis(by), heatmap(measure), notes, provenance);
    }
    Plot.Mark mark =
        switch (kind) {
          case "bar" -> Plot.Mark.BAR;
          case "stack" -> Plot.Mark.STACK;
          case "line" -> Plot.Mark.LINE;
          default -> Plot.Mark.POINT;
        };
    Axis along = x == null ? new Axis(across, "") : axis(x);
    return new Plot(
        title, along, measure, new Plot.Marks(mark, series()), value.notes(), provenance);
  }

  private Plot.Marks histogram() {
    Map<String, double[]> groups = new LinkedHashMap<>();
    for (Column<?> y : ys) {
      for (Map.Entry<String, List<Integer>> group : groups(y).entrySet()) {
        String name = ys.size() == 1 ? group.getKey() : named(y, group.getKey());
        groups.put(name, numbers(y, group.getValue()));
      }
    }
    return Histogram.of(groups);
  }

  /** Rows by the series that they belong to. */
  private Map<String, List<Integer>> groups(Column<?> y) {
    Map<String, List<Integer>> groups = new LinkedHashMap<>();
    for (int row = 0; row < y.size(); row++) {
      String name = by == null ? "" : text(by, row);
      groups.computeIfAbsent(name, key -> new ArrayList<>()).add(row);
    }
    return groups;
  }

  private static String names(List<Column<?>> columns) {
    return columns.stream().map(Column::name).collect(Collectors.joining(", "));
  }

  private Axis axis(Column<?> column) {
    return new Axis(column.name(), value.units().getOrDefault(column.name(), ""));
  }

  private List<Series> series() {
    List<Series> all = new ArrayList<>();
    for (Column<?> y : ys) {
      groups(y)
          .forEach(
              (name, rows) -> all.add(series(ys.size() == 1 ? name : named(y, name), y, rows)));
    }
    return all;
  }

  private static String named(Column<?> y, String group) {
    return group.isEmpty() ? y.name() : y.name() + " " + group;
  }

  private Series series(String name, Column<?> y, List<Integer> rows) {
    if (x == null) {
      double[] at = rows.stream().mapToDouble(row -> row + 1).toArray();
      return new Series(name, new Scale.Numbers(at), numbers(y, rows));
    }
    if (isNumeric(x) && !kind.equals("bar")) {
      return new Series(name, new Scale.Numbers(numbers(x, rows)), numbers(y, rows));
    }
    // Every series has every name, so that all names stand in the order of the table.
    List<String> names = List.copyOf(new LinkedHashSet<>(labels()));
    List<String> labels = labels();
    double[] heights = new double[names.size()];
    Arrays.fill(heights, Double.NaN);
    for (int row : rows) {
      heights[names.indexOf(labels.get(row))] = number(y, row);
    }
    return new Series(name, new Scale.Names(names), heights);
  }

  /** The name of each row along x, with whatever tells it from the others of its series. */
  private List<String> labels() {
    List<String> labels = new ArrayList<>();
    Set<List<String>> seen = new HashSet<>();
    for (int row = 0; row < x.size(); row++) {
      String label = text(x, row);
      String series = by == null ? "" : text(by, row);
      for (int again = 2; !seen.add(List.of(label, series)); again++) {
        label = text(x, row) + " #" + again;
      }
      labels.add(label);
    }
    return labels;
  }

  /** Rows of all that has no row of its own, such as '(530 other pairs)': they have no cell. */
  private List<Integer> remainders() {
    return IntStream.range(0, x.size())
        .filter(row -> text(x, row).startsWith("(") && text(x, row).equals(text(by, row)))
        .boxed()
        .toList();
  }

  private String leftOut(int row) {
    String unit = value.units().getOrDefault(ys.get(0).name(), "");
    return String.format(
            Locale.ROOT, "not drawn: %s, %.4g %s", text(x, row), number(ys.get(0), row), unit)
        .trim();
  }

  private Plot.Heatmap heatmap(Axis measure) {
    List<Integer> drawn = new ArrayList<>(IntStream.range(0, x.size()).boxed().toList());
    drawn.removeAll(Set.copyOf(remainders()));
    if (drawn.isEmpty()) {
      throw new ZlensException(
          Kind.RUNTIME, "there is nothing to draw: no row has a cell of its own", null);
    }
    List<String> columns = drawn.stream().map(row -> text(x, row)).distinct().toList();
    List<String> rows = drawn.stream().map(row -> text(by, row)).distinct().toList();
    if ((long) columns.size() * rows.size() > MOST_MARKS) {
      throw new ZlensException(
          Kind.RUNTIME,
          "a heatmap of " + rows.size() + " by " + columns.size() + " cells would not open",
          null);
    }
    double[][] cells = new double[rows.size()][columns.size()];
    Arrays.stream(cells).forEach(row -> Arrays.fill(row, Double.NaN));
    for (int row : drawn) {
      int i = rows.indexOf(text(by, row));
      int j = columns.indexOf(text(x, row));
      if (!Double.isNaN(cells[i][j])) {
        throw new ZlensException(
            Kind.RUNTIME,
            "two rows have "
                + x.name()
                + " '"
                + text(x, row)
                + "' and "
                + by.name()
                + " '"
                + text(by, row)
                + "', and a cell has one colour",
            "choose other columns with 'x' and 'by'");
      }
      cells[i][j] = number(ys.get(0), row);
    }
    return new Plot.Heatmap(columns, rows, cells, measure);
  }

  private static List<String> distinctNames(Column<?> column) {
    return IntStream.range(0, column.size()).mapToObj(row -> text(column, row)).distinct().toList();
  }

  private static int distinct(Column<?> column) {
    return distinctNames(column).size();
  }

  static boolean isNumeric(Column<?> column) {
    return column instanceof NumericColumn<?>;
  }

  private static String text(Column<?> column, int row) {
    return column.isMissing(row) ? "" : column.getUnformattedString(row);
  }

  private static double[] numbers(Column<?> column, List<Integer> rows) {
    return rows.stream().mapToDouble(row -> number(column, row)).toArray();
  }

  private static double number(Column<?> column, int row) {
    return column.isMissing(row) ? Double.NaN : ((NumericColumn<?>) column).getDouble(row);
  }
}
