package org.zlens.dsl.command.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * Prompts of different lengths run together, filled up to the longest: what a verb says of each is
 * what it says of that prompt alone, at its own last token.
 */
class MixedLengthsTest {
  private static final List<String> PROMPTS =
      List.of(
          "{\"text\": \"Then, Ann and Bob went to the store. Bob gave a ring to\","
              + " \"answer\": \" Ann\", \"over\": \" Bob\", \"labels\": {\"S2\": [\" Bob\", 2]}}",
          "{\"text\": \"Then, Ann and Bob\","
              + " \"answer\": \" Ann\", \"over\": \" Bob\", \"labels\": {\"S2\": [\" Bob\", 1]}}",
          "{\"text\": \"When Ann and Bob went to the store, Bob gave a drink\","
              + " \"answer\": \" Bob\", \"over\": \" Ann\", \"labels\": {\"S2\": [\" Bob\", 2]}}");

  private static final double SAME = 2e-4;

  @TempDir private Path directory;

  private Table ask(List<String> prompts, String command) throws IOException {
    Files.write(directory.resolve("prompts.jsonl"), prompts);
    try (Conversation talk = new Conversation(directory)) {
      return talk.ask("model sprig\nlet p = dataset file \"prompts.jsonl\"\n" + command).table();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tokens",
        "generate 6",
        "logits top 3",
        "logits at S2 top 3",
        "features L2 at END each",
        "features L1 residual each",
        "pattern L1.H0 L2.H3 at END",
        "dla each",
        "dla by head each",
        "ablate head L2.H1 zero each",
        "ablate head L2.H1 zero at END each",
        "ablate site L1.mlp_out zero each",
        "ablate error L1 each",
        "splice L2 each",
        "steer L3.resid_pre scale 0.5 at END each",
        "metric loss\nablate head L1.H0 zero each",
        "metric kl\nablate head L1.H0 zero each",
        "with ablate head L1.H2 zero { let x = logits top 2 }\nx"
      })
  void eachPromptIsAsItIsAlone(String command) throws IOException {
    Table together = ask(PROMPTS, command);
    assertThat(together.columnNames()).as(command).contains("prompt");
    for (int prompt = 0; prompt < PROMPTS.size(); prompt++) {
      Map<String, double[]> expected = rows(ask(List.of(PROMPTS.get(prompt)), command), 0);
      Map<String, double[]> found = rows(together, prompt);
      assertThat(found.keySet()).as("%s, prompt %d", command, prompt).isEqualTo(expected.keySet());
      assertThat(found).as(command).isNotEmpty();
      for (Map.Entry<String, double[]> row : found.entrySet()) {
        assertThat(row.getValue())
            .as("%s, prompt %d, %s", command, prompt, row.getKey())
            .usingComparatorWithPrecision(SAME)
            .containsExactly(expected.get(row.getKey()));
      }
    }
  }

  /** The numbers of a prompt's rows by all else that stands in them. */
  private static Map<String, double[]> rows(Table table, int prompt) {
    List<Column<?>> columns =
        table.columns().stream().filter(column -> !column.name().equals("prompt")).toList();
    Map<String, double[]> rows = new TreeMap<>();
    for (int row = 0; row < table.rowCount(); row++) {
      if (table.columnNames().contains("prompt") && table.intColumn("prompt").get(row) != prompt) {
        continue;
      }
      int at = row;
      String key =
          columns.stream()
              .filter(column -> !isMeasured(column))
              .map(column -> column.getUnformattedString(at))
              .collect(Collectors.joining(" | "));
      double[] numbers =
          columns.stream()
              .filter(MixedLengthsTest::isMeasured)
              .mapToDouble(column -> ((NumericColumn<?>) column).getDouble(at))
              .toArray();
      assertThat(rows.put(key, numbers)).as(key).isNull();
    }
    return rows;
  }

  private static boolean isMeasured(Column<?> column) {
    return column instanceof NumericColumn<?> && !column.type().name().equals("INTEGER");
  }
}
