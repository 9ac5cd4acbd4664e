package org.zlens.repl.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.zlens.dsl.diagnostic.DisplayWidth;
import org.zlens.dsl.session.StripsValue;
import org.zlens.dsl.session.TableValue;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class StripsPrinterTest {
  private static final String ESCAPES = "\u001B\\[[0-9;]*m";

  private static StripsValue strips(String[] tokens, double[] numbers, int[] prompts) {
    Table table =
        Table.create(
            "activation of L2.F3",
            IntColumn.create("prompt", prompts),
            StringColumn.create("token", tokens),
            DoubleColumn.create("activation", numbers));
    return new StripsValue(
        new TableValue(table, Map.of("activation", "activation"), List.of("a note")),
        "token",
        "activation",
        "prompt");
  }

  private static StripsValue two() {
    return strips(
        new String[] {"When", " Ann", "\n", " ", "Ann", " \u6771\u4EAC"},
        new double[] {0, 2.5, 0.5, 0, 0, 1},
        new int[] {0, 0, 0, 0, 1, 1});
  }

  private static String print(StripsValue value, int width, int rows, boolean color)
      throws IOException {
    StringBuilder out = new StringBuilder();
    StripsPrinter.print(value, new Page(out, width, rows, color));
    return out.toString();
  }

  @Test
  void withoutColoursNumbersStandBehindTheirTokens() throws IOException {
    assertThat(print(two(), 0, 10, false))
        .isEqualTo(
            """
            activation of L2.F3
            0  When Ann[2.500]\\n[0.500]\\s
            1  Ann \u6771\u4EAC[1.000]
            strongest: 2.500 activation at ' Ann', prompt 0
            a note
            """);
  }

  @Test
  void withColoursTheStrengthIsTheBackground() throws IOException {
    String text = print(two(), 80, 10, true);
    assertThat(text)
        .contains("\u001B[38;5;16;48;5;196m Ann\u001B[0m")
        .contains("\u001B[38;5;16;48;5;223m\\n\u001B[0m");
    assertThat(text.replaceAll(ESCAPES, ""))
        .isEqualTo(
            """
            activation of L2.F3
            0  When Ann\\n\\s
            1  Ann \u6771\u4EAC
            0              2.500 activation; strongest: 2.500 activation at ' Ann', prompt 0
            a note
            """);
  }

  @Test
  void linesFitTheTerminalAndTokensStayWholeWhereTheyCan() throws IOException {
    StripsValue value =
        strips(
            new String[] {"one", " two", " three", " \u6771\u4EAC\u6771\u4EAC\u6771\u4EAC\u6771"},
            new double[] {1, -2, 0, 3},
            new int[] {0, 0, 0, 0});
    String text = print(value, 10, 10, true).replaceAll(ESCAPES, "");
    List<String> lines = text.lines().toList();
    assertThat(lines.subList(1, 5))
        .containsExactly("one two", " three", " \u6771\u4EAC\u6771\u4EAC", "\u6771\u4EAC\u6771");
    assertThat(lines.subList(1, 5)).allMatch(line -> DisplayWidth.of(line) <= 10);
  }

  @Test
  void theScaleAndWhatIsSaidOfItFitTheTerminal() throws IOException {
    StripsValue value =
        strips(new String[] {"one", " and two"}, new double[] {1, -2}, new int[] {0, 7});
    String scale = "-2              0              2";
    String says = "activation; strongest: -2 activation at ' and two', prompt 7";
    String wide = print(value, 100, 10, true).replaceAll(ESCAPES, "");
    assertThat(wide).contains(scale + " " + says + "\n");
    String narrow = print(value, 40, 10, true).replaceAll(ESCAPES, "");
    assertThat(narrow)
        .contains(
            scale + "\nactivation; strongest: -2 activation at\n' and two', prompt 7\na note\n");
    assertThat(narrow.lines()).allMatch(line -> DisplayWidth.of(line) <= 40);
  }

  @Test
  void someStripsOfManyAreShownAndTheRestCounted() throws IOException {
    assertThat(print(two(), 80, 1, false))
        .contains("0  When")
        .doesNotContain("1  Ann")
        .contains("... and 1 more; 'set rows 2' shows all");
  }

  @Test
  void nothingActiveIsSaid() throws IOException {
    StripsValue value =
        strips(new String[] {"a", "b"}, new double[] {0, Double.NaN}, new int[] {0, 0});
    assertThat(print(value, 80, 10, true)).contains("ab\nno activation other than 0\n");
  }

  @Test
  void controlCharactersOfTokensCannotSteerTheTerminal() throws IOException {
    StripsValue value =
        strips(new String[] {"\u001B[2J", ""}, new double[] {1, 1}, new int[] {0, 0});
    assertThat(print(value, 80, 10, false)).doesNotContain("\u001B");
  }
}
