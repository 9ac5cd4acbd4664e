package org.zlens.dsl.command.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.zlens.dsl.syntax.Address;
import org.zlens.engine.data.Prompt;
import org.zlens.engine.data.PromptSet;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Attention weights as rows, one a source position, or as means by label. */
public final class PatternTable {
  private static final String OTHER = "(other)";

  private final PromptSet prompts;
  private final List<Look> looks = new ArrayList<>();

  /** From one position of one prompt to all up to it. */
  private record Look(Address.Head head, int row, int from, float[] weights) {}

  /** An empty table. */
  public PatternTable(PromptSet prompts) {
    this.prompts = prompts;
  }

  /**
   * Adds what a head looks at from a position.
   *
   * @param weights {@code [key]}, of which those after the position are not read
   */
  public void add(Address.Head head, int row, int from, float[] weights) {
    looks.add(new Look(head, row, from, weights));
  }

  /** One row for each source position. */
  public Table table() {
    StringColumn head = StringColumn.create("head");
    IntColumn prompt = IntColumn.create("prompt");
    IntColumn position = IntColumn.create("position");
    IntColumn source = IntColumn.create("source");
    StringColumn token = StringColumn.create("token");
    StringColumn labels = StringColumn.create("labels");
    DoubleColumn weight = DoubleColumn.create("weight");
    for (Look look : looks) {
      Prompt one = prompts.prompts().get(look.row);
      for (int at = 0; at <= look.from; at++) {
        head.append(look.head.text());
        prompt.append(look.row);
        position.append(look.from);
        source.append(at);
        token.append(one.tokens().string(at));
        labels.append(String.join(" ", Labels.at(one, at)));
        weight.append(look.weights[at]);
      }
    }
    return Table.create("pattern", head, prompt, position, source, token, labels, weight);
  }

  /** One row for each head and label, which sum to 1 for each head. */
  public Table means() {
    Map<Address.Head, Map<String, Double>> sums = new LinkedHashMap<>();
    Map<Address.Head, Integer> counts = new LinkedHashMap<>();
    for (Look look : looks) {
      counts.merge(look.head, 1, Integer::sum);
      Map<String, Double> byLabel = sums.computeIfAbsent(look.head, h -> new LinkedHashMap<>());
      Prompt one = prompts.prompts().get(look.row);
      for (int at = 0; at <= look.from; at++) {
        List<String> labels = Labels.at(one, at);
        byLabel.merge(
            labels.isEmpty() ? OTHER : labels.get(0), (double) look.weights[at], Double::sum);
      }
    }
    StringColumn head = StringColumn.create("head");
    StringColumn source = StringColumn.create("source");
    DoubleColumn weight = DoubleColumn.create("weight");
    sums.forEach(
        (one, byLabel) ->
            byLabel.forEach(
                (label, sum) -> {
                  head.append(one.text());
                  source.append(label);
                  weight.append(sum / counts.get(one));
                }));
    return Table.create("mean pattern", head, source, weight);
  }
}
