package org.zlens.dsl.command.builtin;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.NumberValue;
import org.zlens.dsl.session.TableValue;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.attribute.PartVariance;
import org.zlens.engine.attribute.SourceKind;
import org.zlens.engine.attribute.TextAttribution;

/**
 * Direct feature attribution over a text as a table whose rows sum to the mean pre-activation, with
 * both readings of the share of its variance that each explains.
 */
final class TextDfa {
  private static final int TOKENS = 50;
  private static final String UNIT = "activation";
  private static final SourceKind[] KINDS = SourceKind.values();

  private final TextAttribution text;
  private final Workbench bench;
  private final Rows rows;

  TextDfa(String feature, TextAttribution text, String name, Workbench bench) {
    if (text.places() == 0) {
      throw new ZlensException(
          Kind.RUNTIME,
          feature + " is active at none of the " + text.tokens() + " tokens of " + name,
          "read more of it with 'tokens', or ask for less with 'above'");
    }
    this.text = text;
    this.bench = bench;
    this.rows = new Rows("direct feature attribution of " + feature + " over " + name);
  }

  /** A row for each head. */
  TableValue byHead(int layer) {
    for (PartVariance head : text.byHead()) {
      row(head, "head", "L" + layer + ".H" + head.part());
    }
    return finish("heads", "head", "constant");
  }

  /** A row for each kind of source position. */
  TableValue bySource() {
    for (PartVariance kind : text.bySource()) {
      row(kind, "source", KINDS[kind.part()].label());
    }
    return finish("sources", "source", "constant");
  }

  /** A row for each head at each kind of source position. */
  TableValue byBoth(int layer) {
    for (PartVariance part : text.byBoth()) {
      rows.text("head", "L" + layer + ".H" + part.part() / KINDS.length);
      row(part, "source", KINDS[part.part() % KINDS.length].label());
    }
    rows.text("head", "constant");
    return finish("heads and sources", "source", null);
  }

  /** A row for each of the source tokens that contribute most, and one for the others. */
  TableValue byToken() {
    List<PartVariance> order =
        text.byToken().stream()
            .sorted(Comparator.comparingDouble((PartVariance t) -> Math.abs(t.mean())).reversed())
            .toList();
    double others = 0;
    double energy = 0;
    for (int i = 0; i < order.size(); i++) {
      PartVariance token = order.get(i);
      if (i < TOKENS) {
        row(token, "token", bench.piece(token.part()));
      } else {
        others += token.mean();
        energy += token.energy();
      }
    }
    if (order.size() > TOKENS) {
      String name = "(" + (order.size() - TOKENS) + " other tokens)";
      row(new PartVariance(-1, others, Double.NaN, energy), "token", name);
    }
    return finish("tokens", "token", "(constant)");
  }

  private void row(PartVariance part, String column, String name) {
    rows.text(column, name)
        .number("contribution", part.mean(), UNIT)
        .number("share", part.mean() / text.meanPreActivation(), "")
        .number("explained", part.regression(), "")
        .number("energy", part.energy(), "");
  }

  private TableValue finish(String parts, String column, String constant) {
    row(new PartVariance(-1, text.constant(), Double.NaN, Double.NaN), column, constant);
    rows.note(
        String.format(
            Locale.ROOT,
            "means over the %d of %d tokens where it is %s; the rows sum to the mean "
                + "pre-activation: %.6g %s",
            text.places(),
            text.tokens(),
            text.above() > 0 ? "above " + NumberValue.format(text.above()) : "active",
            text.meanPreActivation(),
            UNIT));
    return rows.note(
            "explained: 1 - Var(all - row) / Var(all), the constant apart; energy: the row's part"
                + " of the "
                + parts
                + "' sum of squares")
        .table();
  }
}
