package org.zlens.dsl.command.builtin;

import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.TableValue;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.attribute.HeadVariance;
import org.zlens.engine.attribute.SourceKind;
import org.zlens.engine.attribute.TextAttribution;

/** Direct feature attribution over a text as a table whose rows sum to the mean pre-activation. */
final class TextDfa {
  private static final int TOKENS = 50;
  private static final String UNIT = "activation";

  private final TextAttribution text;
  private final Workbench bench;
  private final Rows rows;

  TextDfa(String feature, TextAttribution text, String name, Workbench bench) {
    if (text.places() == 0) {
      throw new ZlensException(
          Kind.RUNTIME,
          feature + " is active at none of the " + text.tokens() + " tokens of " + name,
          "read more of it with 'tokens'");
    }
    this.text = text;
    this.bench = bench;
    this.rows = new Rows("direct feature attribution of " + feature + " over " + name);
  }

  /** A row for each head, with both readings of its share of the variance. */
  TableValue byHead(int layer) {
    for (HeadVariance head : text.byHead()) {
      row("head", "L" + layer + ".H" + head.head(), head.mean());
      rows.number("explained", head.regression(), "").number("energy", head.energy(), "");
    }
    row("head", "constant", text.constant());
    rows.number("explained", Double.NaN, "").number("energy", Double.NaN, "");
    return finish(
        "explained: 1 - Var(all heads - head) / Var(all heads); energy: the head's part of the "
            + "sum of squares");
  }

  /** A row for each kind of source position. */
  TableValue bySource() {
    for (Map.Entry<SourceKind, Double> kind : text.bySource().entrySet()) {
      row("source", kind.getKey().label(), kind.getValue());
    }
    row("source", "constant", text.constant());
    return finish(null);
  }

  /** A row for each of the source tokens that contribute most, and one for the others. */
  TableValue byToken() {
    double[] means = text.byToken();
    int[] order =
        IntStream.range(0, means.length)
            .filter(token -> means[token] != 0)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer t) -> Math.abs(means[t])).reversed())
            .mapToInt(Integer::intValue)
            .toArray();
    double others = 0;
    for (int i = 0; i < order.length; i++) {
      if (i < TOKENS) {
        row("token", bench.piece(order[i]), means[order[i]]);
      } else {
        others += means[order[i]];
      }
    }
    if (order.length > TOKENS) {
      row("token", "(" + (order.length - TOKENS) + " other tokens)", others);
    }
    row("token", "(constant)", text.constant());
    return finish(null);
  }

  private void row(String column, String name, double value) {
    rows.text(column, name)
        .number("contribution", value, UNIT)
        .number("share", value / text.meanPreActivation(), "");
  }

  private TableValue finish(String note) {
    rows.note(
        String.format(
            Locale.ROOT,
            "means over the %d of %d tokens where it is active; the rows sum to the mean "
                + "pre-activation: %.6g %s",
            text.places(),
            text.tokens(),
            text.meanPreActivation(),
            UNIT));
    return note == null ? rows.table() : rows.note(note).table();
  }
}
