package org.zlens.repl.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.zlens.dsl.session.TableValue;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class SparklineTest {
  private static TableValue table(double... effects) {
    String[] names =
        IntStream.range(0, effects.length).mapToObj(i -> "H" + i).toArray(String[]::new);
    return new TableValue(
        Table.create(
            "heads", StringColumn.create("head", names), DoubleColumn.create("effect", effects)),
        Map.of("effect", "logits"),
        List.of());
  }

  private static String bars(double... effects) {
    return Sparkline.of(table(effects), 80)
        .map(line -> line.substring(line.lastIndexOf(' ') + 1))
        .orElse("");
  }

  @Test
  void theLargestNumberIsAFullBarAndNothingTheLowest() {
    assertThat(bars(0, 1, 7, 8)).isEqualTo("\u2581\u2582\u2588\u2588");
    assertThat(bars(-1, 0, 1)).isEqualTo("\u2581\u2585\u2588");
  }

  @Test
  void equalNumbersLongTablesAndNumbersWithoutAUnitHaveNone() {
    assertThat(bars(2, 2, 2)).isEmpty();
    assertThat(bars(2, 3)).isEmpty();
    assertThat(bars(IntStream.range(0, 61).asDoubleStream().toArray())).isEmpty();
    assertThat(bars(Double.NaN, Double.NaN, Double.POSITIVE_INFINITY)).isEmpty();
    assertThat(Sparkline.of(new TableValue(table(1, 2, 3).table()), 80)).isEmpty();
    assertThat(Sparkline.of(table(1, 2, 3), 10)).isEmpty();
  }

  @Test
  void aTerminalShowsItBelowTheRows() throws IOException {
    StringBuilder out = new StringBuilder();
    new AlignedPrinter().print(table(1, 2, 3), null, new Page(out, 80, 50, true));
    assertThat(out.toString()).endsWith("\u001B[2meffect\u001B[0m  \u2583\u2586\u2588\n");
    StringBuilder plain = new StringBuilder();
    new AlignedPrinter().print(table(1, 2, 3), null, new Page(plain, 80, 50));
    assertThat(plain.toString()).doesNotContain("\u2588");
  }
}
