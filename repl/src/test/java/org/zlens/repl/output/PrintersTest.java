package org.zlens.repl.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.zlens.dsl.session.ListValue;
import org.zlens.dsl.session.NumberValue;
import org.zlens.dsl.session.PageValue;
import org.zlens.dsl.session.Provenance;
import org.zlens.dsl.session.ProvenanceInput;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.TensorData;
import org.zlens.dsl.session.TensorValue;
import org.zlens.dsl.session.TextValue;
import org.zlens.dsl.session.Tone;
import org.zlens.dsl.session.TreeNode;
import org.zlens.dsl.session.TreeValue;
import org.zlens.dsl.session.TruthValue;
import org.zlens.dsl.session.Value;
import org.zlens.repl.SampleCommand;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class PrintersTest {
  private static final TableValue SAMPLE = SampleCommand.table();

  private static final TreeValue TREE =
      new TreeValue(
          "rdfa",
          new TreeNode(
              "L3.F7",
              Map.of("attribution", 2.5),
              List.of(
                  new TreeNode(
                      "L2.F1",
                      Map.of("attribution", 1.5),
                      List.of(new TreeNode("L1.R2", Map.of("attribution", 1.0), List.of()))),
                  new TreeNode("bias", Map.of("attribution", 1.0), List.of()))),
          Map.of("attribution", "logits"),
          List.of("adds up"));

  @Test
  void alignedTablesHaveUnitsAndNumbersAtTheRight() throws IOException {
    assertThat(print("table", SAMPLE))
        .isEqualTo(
            """
            effects
            feature     delta [logits]  fired  alive
            ----------  --------------  -----  -----
            L2.F417             -0.500     12  true
            a "b", c|d          12.250      3  false
            tab\\there        -Infinity         true
            metric: logit difference
            """);
  }

  @Test
  void treesAreColouredByHowGoodTheirRowsAre() throws IOException {
    Map<String, Object> cells = new LinkedHashMap<>();
    cells.put("exact", 1.5);
    cells.put("trust", Tone.WRONG);
    TreeNode audited = new TreeNode("L2.F1", cells, List.of());
    TreeNode root = new TreeNode("L3.F7", Map.of(), List.of(audited));
    TreeValue tree = new TreeValue("rdfa", root, Map.of(), List.of());
    StringBuilder plain = new StringBuilder();
    new AlignedPrinter().print(tree, null, new Page(plain, 0, 10));
    assertThat(plain.toString()).contains("\n`- L2.F1  1.500  wrong\n");
    StringBuilder color = new StringBuilder();
    new AlignedPrinter().print(tree, null, new Page(color, 0, 10, true));
    assertThat(color.toString()).contains("\n\u001B[31m`- L2.F1  1.500  wrong\u001B[0m\n");
    assertThat(color.toString()).contains("\nL3.F7\n");
  }

  @Test
  void treesHaveBranches() throws IOException {
    assertThat(print("table", TREE))
        .isEqualTo(
            """
            rdfa
            node         attribution [logits]
            -----------  --------------------
            L3.F7                       2.500
            |- L2.F1                    1.500
            |  `- L1.R2                 1.000
            `- bias                     1.000
            adds up
            """);
  }

  @Test
  void narrowTerminalsCutTextsAndThenLeaveColumnsOut() throws IOException {
    TableValue wide =
        new TableValue(
            Table.create(
                "",
                StringColumn.create("text", "abcdefghijklmnopqrstuvwxyz"),
                IntColumn.create("number", new int[] {1}),
                StringColumn.create("last", "z".repeat(30))));
    StringBuilder out = new StringBuilder();
    new AlignedPrinter().print(wide, provenance(), new Page(out, 40, 10));
    assertThat(out.toString().lines()).allMatch(line -> line.length() <= 40);
    assertThat(out).contains("abcdefghijkl...").contains("     1").contains("zzz...");
    StringBuilder narrow = new StringBuilder();
    new AlignedPrinter().print(wide, provenance(), new Page(narrow, 18, 10));
    assertThat(narrow).contains("no room for last");
  }

  @Test
  void longTablesAreCutForPeopleOnly() throws IOException {
    TableValue table = new TableValue(Table.create("", IntColumn.indexColumn("i", 100, 0)));
    assertThat(print("table", table)).contains("... and 90 more rows; 'set rows 100' shows all");
    assertThat(print("vertical", table)).contains("90 more rows");
    assertThat(print("csv", table).lines()).hasSize(101);
    assertThat(print("markdown", table)).doesNotContain("more rows");
  }

  @Test
  void digitsFitTheLargestOfAColumn() {
    assertThat(Digits.of(new double[] {1, 2, 1e6}).format(1e6)).isEqualTo("1000000");
    assertThat(Digits.of(new double[] {1.5, -0.00001}).format(-0.00001)).isEqualTo("0.000");
    assertThat(Digits.of(new double[] {0.0123456}).format(0.0123456)).isEqualTo("0.01235");
    assertThat(Digits.of(new double[] {12345.678}).format(12345.678)).isEqualTo("12345.68");
    assertThat(Digits.of(new double[] {1.5e-9}).format(1.5e-9)).isEqualTo("1.500e-09");
    assertThat(Digits.of(new double[] {2.5e9 + 0.5}).format(2.5e9)).isEqualTo("2.500e+09");
    assertThat(Digits.of(new double[] {0.5, Double.NaN}).format(Double.NaN)).isEqualTo("NaN");
    assertThat(Digits.of(new double[0]).format(0)).isEqualTo("0");
  }

  @Test
  void csvQuotesAndKeepsEveryDigit() throws IOException {
    assertThat(print("csv", SAMPLE))
        .isEqualTo(
            """
            feature,delta,fired,alive
            L2.F417,-0.5,12,true
            "a ""b"", c|d",12.25,3,false
            tab\there,-Infinity,,true
            """);
    TableValue third = new TableValue(Table.create("", DoubleColumn.create("x", 1 / 3.0)));
    assertThat(print("csv", third)).isEqualTo("x\n0.3333333333333333\n");
    TableValue token = new TableValue(Table.create("", StringColumn.create("t", " Bob")));
    assertThat(print("csv", token)).isEqualTo("t\n\" Bob\"\n");
  }

  @Test
  void tsvEscapesTabs() throws IOException {
    assertThat(print("tsv", SAMPLE)).contains("tab\\there\t-Infinity\t\ttrue\n");
  }

  @Test
  void markdownEscapesBars() throws IOException {
    assertThat(print("markdown", SAMPLE))
        .contains("| feature | delta [logits] | fired | alive |\n| --- | ---: | ---: | --- |\n")
        .contains("c\\|d");
  }

  @Test
  void verticalHasABlockForEachRow() throws IOException {
    assertThat(print("vertical", SAMPLE))
        .contains("-- row 1\n       feature: L2.F417\ndelta [logits]: -0.500\n");
  }

  @Test
  void whatIsNoTableIsPrintedInEveryFormat() throws IOException {
    Map<Value, String> values = new LinkedHashMap<>();
    values.put(new NumberValue(1.5, "nats"), "1.5");
    values.put(new TextValue("some text"), "some text");
    values.put(new TruthValue(true), "true");
    values.put(new ListValue(List.of(new NumberValue(1), new TextValue("b"))), "b");
    values.put(new PageValue("plot", Path.of("a.html")), "a.html");
    for (String format : OutputFormat.names()) {
      for (Map.Entry<Value, String> value : values.entrySet()) {
        assertThat(print(format, value.getKey())).contains(value.getValue()).endsWith("\n");
      }
    }
    assertThat(print("table", new NumberValue(1.5, "nats"))).isEqualTo("1.5 nats\n");
  }

  @Test
  void jsonHoldsTreesTensorsAndProvenance() throws IOException {
    JsonNode tree = json(TREE);
    assertThat(tree.at("/root/children/0/children/0/label").asText()).isEqualTo("L1.R2");
    assertThat(tree.at("/root/cells/attribution").asDouble()).isEqualTo(2.5);
    assertThat(tree.at("/provenance/inputs/0/hash").asText()).isEqualTo("abc");
    assertThat(tree.at("/provenance/took_ms").asInt()).isEqualTo(12);

    TensorData data =
        new TensorData(new long[] {1, 2}, new float[] {0.1f, Float.NEGATIVE_INFINITY});
    JsonNode tensors = json(new TensorValue("capture", Map.of("L1.z", data)));
    assertThat(tensors.at("/tensors/0/shape/1").asInt()).isEqualTo(2);
    assertThat(tensors.at("/tensors/0/values/0").asText()).isEqualTo("0.1");
    assertThat(tensors.at("/tensors/0/values/1").asText()).isEqualTo("-Infinity");
  }

  private static JsonNode json(Value value) throws IOException {
    String text = print("json", value);
    assertThat(text.lines()).hasSize(1);
    return new ObjectMapper().readTree(text);
  }

  private static String print(String format, Value value) throws IOException {
    StringBuilder out = new StringBuilder();
    OutputFormat.printer(format).print(value, provenance(), new Page(out, 0, 10));
    return out.toString();
  }

  private static Provenance provenance() {
    return new Provenance(
        "sample",
        "-c",
        1,
        List.of(new ProvenanceInput("model", "sprig", "abc")),
        0,
        Map.of("java", "17"),
        Instant.EPOCH,
        Duration.ofMillis(12));
  }
}
