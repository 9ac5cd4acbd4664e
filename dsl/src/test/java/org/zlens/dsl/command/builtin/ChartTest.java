package org.zlens.dsl.command.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.zlens.dsl.session.TableValue;
import org.zlens.engine.ZlensException;
import org.zlens.engine.report.Plot;
import org.zlens.engine.report.Scale;
import org.zlens.engine.report.Series;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** What is drawn where nobody says how. */
class ChartTest {
  private static TableValue table(Column<?>... columns) {
    return new TableValue(
        Table.create("effects", columns), Map.of("effect", "logits"), List.of("a note"));
  }

  private static Plot plot(TableValue table) {
    return new Chart(table, null, null, List.of(), null).plot("title", List.of());
  }

  private static Plot.Marks marks(Plot plot) {
    return (Plot.Marks) plot.form();
  }

  @Test
  void namesThatComeAgainMakeSeriesInTheOrderOfTheTable() {
    Plot plot =
        plot(
            table(
                StringColumn.create("feature", "L2.F7", "L2.F1", "L2.F7"),
                StringColumn.create("order", "BABA", "BABA", "ABBA"),
                IntColumn.create("prompts", new int[] {3, 3, 2}),
                DoubleColumn.create("effect", -2, 1, 0.5)));
    assertThat(plot.y().title()).isEqualTo("effect (logits)");
    assertThat(plot.notes()).containsExactly("a note");
    assertThat(marks(plot).mark()).isEqualTo(Plot.Mark.BAR);
    assertThat(marks(plot).series()).extracting(Series::name).containsExactly("BABA", "ABBA");
    Series second = marks(plot).series().get(1);
    assertThat(second.x()).isEqualTo(new Scale.Names(List.of("L2.F7", "L2.F1")));
    assertThat(second.y()).containsExactly(0.5, Double.NaN);
  }

  private static TableValue pattern(int[] positions, int[] sources, String[] tokens, double... w) {
    String[] heads = new String[w.length];
    Arrays.fill(heads, "L3.H0");
    return new TableValue(
        Table.create(
            "pattern",
            StringColumn.create("head", heads),
            IntColumn.create("prompt", new int[w.length]),
            IntColumn.create("position", positions),
            IntColumn.create("source", sources),
            StringColumn.create("token", tokens),
            DoubleColumn.create("weight", w)));
  }

  @Test
  void aPatternOfOnePositionIsABarForEachToken() {
    Plot plot =
        plot(
            pattern(
                new int[] {2, 2, 2},
                new int[] {0, 1, 2},
                new String[] {"a", "b", "a"},
                0.5,
                0.2,
                0.3));
    assertThat(plot.y().title()).isEqualTo("weight");
    Series bars = marks(plot).series().get(0);
    assertThat(marks(plot).mark()).isEqualTo(Plot.Mark.BAR);
    assertThat(bars.x()).isEqualTo(new Scale.Names(List.of("a", "b", "a #2")));
    assertThat(bars.y()).containsExactly(0.5, 0.2, 0.3);
  }

  @Test
  void aPatternOfAllPositionsIsAGridOfTokens() {
    Plot plot =
        plot(
            pattern(
                new int[] {0, 1, 1},
                new int[] {0, 0, 1},
                new String[] {"a", "a", "b"},
                1,
                0.4,
                0.6));
    Plot.Heatmap grid = (Plot.Heatmap) plot.form();
    assertThat(grid.columns()).containsExactly("0:a", "1:b");
    assertThat(grid.rows()).containsExactly("0:a", "1:b");
    assertThat(grid.values()[0]).containsExactly(1, Double.NaN);
    assertThat(grid.values()[1]).containsExactly(0.4, 0.6);
    assertThat(plot.x().title()).isEqualTo("source");
    assertThat(plot.y().title()).isEqualTo("position");
  }

  @Test
  void manyNamesOfTwoKindsMakeAGrid() {
    List<String> heads = IntStream.range(0, 90).mapToObj(i -> "H" + i / 10).toList();
    List<String> sources = IntStream.range(0, 90).mapToObj(i -> "s" + i % 10).toList();
    double[] effects = IntStream.range(0, 90).mapToDouble(i -> i).toArray();
    Plot plot =
        plot(
            table(
                StringColumn.create("head", heads),
                StringColumn.create("source", sources),
                DoubleColumn.create("effect", effects)));
    Plot.Heatmap grid = (Plot.Heatmap) plot.form();
    assertThat(grid.columns()).hasSize(10);
    assertThat(grid.rows()).hasSize(9);
    assertThat(grid.values()[2][3]).isEqualTo(23);
  }

  @Test
  void queriesAndKeysAreAGridHoweverFewThereAre() {
    Plot plot =
        plot(
            table(
                StringColumn.create("query", "L3.R1", "L3.R2", "(530 other pairs)"),
                StringColumn.create("key", "L3.R7", "L3.R7", "(530 other pairs)"),
                DoubleColumn.create("effect", 2, -1, 30)));
    Plot.Heatmap grid = (Plot.Heatmap) plot.form();
    assertThat(grid.rows()).containsExactly("L3.R1", "L3.R2");
    assertThat(grid.columns()).containsExactly("L3.R7");
    assertThat(grid.values()).isDeepEqualTo(new double[][] {{2}, {-1}});
    assertThat(plot.notes())
        .containsExactly("a note", "not drawn: (530 other pairs), 30.00 logits");
  }

  @Test
  void aGridOfNothingIsAnError() {
    TableValue table =
        table(
            StringColumn.create("query", "(530 other pairs)"),
            StringColumn.create("key", "(530 other pairs)"),
            DoubleColumn.create("effect", new double[] {30}));
    assertThatThrownBy(() -> plot(table))
        .isInstanceOf(ZlensException.class)
        .hasMessage("there is nothing to draw: no row has a cell of its own");
  }

  @Test
  void risingNumbersMakeALineAndOthersPoints() {
    DoubleColumn effect = DoubleColumn.create("effect", 3, 1, 2);
    assertThat(marks(plot(table(IntColumn.create("layer", new int[] {0, 1, 2}), effect))).mark())
        .isEqualTo(Plot.Mark.LINE);
    assertThat(marks(plot(table(IntColumn.create("at", new int[] {2, 0, 1}), effect))).mark())
        .isEqualTo(Plot.Mark.POINT);
    Plot alone = plot(table(effect));
    assertThat(alone.x().label()).isEqualTo("row");
    assertThat(marks(alone).series().get(0).x().size()).isEqualTo(3);
  }

  @Test
  void manyNumbersAloneAreCounted() {
    double[] halves = IntStream.range(0, 60).mapToDouble(i -> i % 4 * 0.5).toArray();
    Plot plot = plot(table(DoubleColumn.create("effect", halves)));
    assertThat(plot.x().title()).isEqualTo("effect (logits)");
    assertThat(plot.y().title()).isEqualTo("rows");
    Series counts = marks(plot).series().get(0);
    assertThat(IntStream.range(0, counts.y().length).mapToDouble(i -> counts.y()[i]).sum())
        .isEqualTo(60);
    assertThat(counts.y()[0]).isEqualTo(15);
  }

  @Test
  void wholeNumbersHaveABinEachAndSeriesShareThem() {
    TableValue table =
        table(
            StringColumn.create("order", "ABBA", "BABA", "ABBA", "BABA"),
            IntColumn.create("prompts", new int[] {3, 5, 3, 4}));
    Chart chart =
        new Chart(
            table,
            "histogram",
            null,
            List.of(table.table().column("prompts")),
            table.table().column("order"));
    Plot.Marks marks = marks(chart.plot("title", List.of()));
    assertThat(marks.mark()).isEqualTo(Plot.Mark.STACK);
    assertThat(marks.series()).extracting(Series::name).containsExactly("ABBA", "BABA");
    assertThat(((Scale.Numbers) marks.series().get(0).x()).numbers()).containsExactly(3, 4, 5);
    assertThat(marks.series().get(0).y()).containsExactly(2, 0, 0);
    assertThat(marks.series().get(1).y()).containsExactly(0, 1, 1);
  }

  @Test
  void whatIsNoNumberIsInNoBin() {
    Map<String, double[]> values = Map.of("", new double[] {Double.NaN, 1, 1e300, -1e300});
    Plot.Marks marks = Histogram.of(values);
    assertThat(Arrays.stream(marks.series().get(0).y()).sum()).isEqualTo(3);
    assertThatThrownBy(() -> Histogram.of(Map.of("", new double[] {Double.NaN})))
        .isInstanceOf(ZlensException.class)
        .hasMessageContaining("no finite numbers");
  }

  @Test
  void namesThatCannotBeToldApartAreCounted() {
    Plot plot =
        plot(
            table(
                StringColumn.create("token", " a", " b", " a"),
                DoubleColumn.create("effect", 1, 2, 3)));
    assertThat(marks(plot).series().get(0).x())
        .isEqualTo(new Scale.Names(List.of(" a", " b", " a #2")));
  }

  @Test
  void nothingToDrawIsAnError() {
    assertThatThrownBy(() -> plot(table(StringColumn.create("feature", "L2.F7"))))
        .isInstanceOf(ZlensException.class)
        .hasMessage("there is nothing to draw: no column of numbers");
  }
}
