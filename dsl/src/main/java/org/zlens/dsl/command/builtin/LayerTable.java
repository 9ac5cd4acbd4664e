package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.TableValue;
import org.zlens.engine.attribute.LogitAttribution;
import org.zlens.engine.attribute.LogitStep;

/** A logit layer by layer, from the embeddings to the biases at the end. */
final class LayerTable {
  private static final String UNIT = "logits";

  private final AttributionTable checked;
  private final List<Integer> prompts = new ArrayList<>();
  private final List<LogitAttribution> each = new ArrayList<>();

  LayerTable(Session session) {
    this.checked = new AttributionTable(session, AttributionTable.Split.PARTS, UNIT);
  }

  /** Adds the attribution of a prompt. */
  void add(int prompt, LogitAttribution one) {
    checked.add(prompt, one.byComponent());
    prompts.add(prompt);
    each.add(one);
  }

  TableValue table(String title, String explains, boolean asOne) {
    Rows rows = new Rows(title);
    if (asOne) {
      rows(rows, -1, each);
    } else {
      for (int i = 0; i < each.size(); i++) {
        rows(rows, prompts.get(i), List.of(each.get(i)));
      }
    }
    if (asOne && each.size() > 1) {
      rows.note("means over " + each.size() + " prompts");
    }
    double worst =
        each.stream().mapToDouble(one -> Math.abs(one.byComponent().residual())).max().orElse(0);
    return rows.note(
            String.format(
                Locale.ROOT,
                "the contributions sum to the %s: %.6g %s, largest residual of a prompt %.1e",
                explains,
                mean(each, one -> one.byComponent().total()),
                UNIT,
                worst))
        .note("accumulated: what the stream after the layer holds, biases at the end included")
        .table();
  }

  private static void rows(Rows rows, int prompt, List<LogitAttribution> some) {
    double total = mean(some, one -> one.byComponent().total());
    int steps = some.get(0).byLayer().size();
    for (int i = 0; i < steps; i++) {
      int step = i;
      int layer = some.get(0).byLayer().get(i).layer();
      row(
          rows,
          prompt,
          layer < 0 ? "embeddings" : "L" + layer,
          mean(some, one -> step(one, step).contribution()),
          total,
          mean(some, one -> step(one, step).accumulated()),
          mean(some, one -> step(one, step).lens()));
    }
    double constant = mean(some, LogitAttribution::constant);
    row(rows, prompt, "biases", constant, total, Double.NaN, Double.NaN);
  }

  private static LogitStep step(LogitAttribution one, int step) {
    return one.byLayer().get(step);
  }

  private static void row(
      Rows rows,
      int prompt,
      String name,
      double contribution,
      double total,
      double accumulated,
      double lens) {
    if (prompt >= 0) {
      rows.whole("prompt", prompt);
    }
    rows.text("layer", name)
        .number("contribution", contribution, UNIT)
        .number("share", contribution / total, "")
        .number("accumulated", accumulated, UNIT)
        .number("lens", lens, UNIT);
  }

  private static double mean(
      List<LogitAttribution> some, ToDoubleFunction<LogitAttribution> number) {
    return some.stream().mapToDouble(number).average().orElseThrow();
  }
}
