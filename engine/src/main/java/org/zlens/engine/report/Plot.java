package org.zlens.engine.report;

import java.util.List;

/**
 * A picture of numbers that says what it shows: a title, axes with their units, notes on how the
 * numbers came to be, and their provenance for the corner.
 *
 * @param title one line
 * @param notes sentences below the title, such as the metric
 * @param provenance lines for the corner: command, model, seed, versions
 */
public record Plot(
    String title, Axis x, Axis y, Form form, List<String> notes, List<String> provenance) {

  /** Keeps the texts from changing. */
  public Plot {
    notes = List.copyOf(notes);
    provenance = List.copyOf(provenance);
  }

  /** How the numbers are drawn. */
  public sealed interface Form permits Marks, Heatmap, Network {
    /** How many numbers there are. */
    int size();
  }

  /** What stands at the places of {@link Marks}. */
  public enum Mark {
    /** Bars from zero, side by side where series share a place. */
    BAR("bar"),
    /** Bars on top of each other where series share a place. */
    STACK("bar"),
    /** Points joined in the order given. */
    LINE("line"),
    /** Points alone. */
    POINT("point");

    private final String noun;

    Mark(String noun) {
      this.noun = noun;
    }

    /** One of them, for notes. */
    public String noun() {
      return noun;
    }
  }

  /** One or more series of the same marks. */
  public record Marks(Mark mark, List<Series> series) implements Form {
    /** Keeps the series from changing. */
    public Marks {
      series = List.copyOf(series);
    }

    @Override
    public int size() {
      return series.stream().mapToInt(one -> one.y().length).sum();
    }
  }

  /**
   * A grid of colours.
   *
   * @param columns names along x
   * @param rows names along y, from the top
   * @param values {@code [row][column]}; NaN leaves a cell empty
   * @param value what the colours mean
   */
  public record Heatmap(List<String> columns, List<String> rows, double[][] values, Axis value)
      implements Form {
    /** Checks that each cell has a value. */
    public Heatmap {
      columns = List.copyOf(columns);
      rows = List.copyOf(rows);
      if (values.length != rows.size()) {
        throw new IllegalArgumentException(values.length + " rows for " + rows.size() + " names");
      }
      for (double[] row : values) {
        if (row.length != columns.size()) {
          throw new IllegalArgumentException(row.length + " cells in " + columns.size());
        }
      }
    }

    @Override
    public int size() {
      return rows.size() * columns.size();
    }
  }
}
