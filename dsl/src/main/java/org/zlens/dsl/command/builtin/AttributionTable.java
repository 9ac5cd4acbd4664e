package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.session.TableValue;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.attribute.Attribution;
import org.zlens.engine.attribute.Contribution;
import org.zlens.engine.attribute.MeanAttribution;
import org.zlens.engine.attribute.Part;
import org.zlens.engine.data.Prompt;

/** Attributions as rows that add up, with their total and what is left printed below. */
final class AttributionTable {
  private final Session session;
  private final Workbench bench;
  private final Split split;
  private final String unit;
  private final List<Integer> prompts = new ArrayList<>();
  private final List<Attribution> each = new ArrayList<>();

  /** What the rows stand for, which decides the columns that say so. */
  enum Split {
    PARTS,
    FEATURES,
    SOURCES,
    TOKENS,
    HEADS_AND_SOURCES
  }

  /**
   * @param unit of the number that is explained
   */
  AttributionTable(Session session, Split split, String unit) {
    this.session = session;
    this.bench = Workbench.of(session);
    this.split = split;
    this.unit = unit;
  }

  /** Adds the attribution of a prompt. */
  void add(int prompt, Attribution attribution) {
    requireSum(attribution.what(), attribution.residual(), attribution.total());
    prompts.add(prompt);
    each.add(attribution);
  }

  /** The engine has refused what is more than rounding; the user may ask for less. */
  private void requireSum(String what, double residual, double total) {
    double tolerance = session.settings().get(Settings.TOLERANCE);
    if (Math.abs(residual) > tolerance * Math.max(1, Math.abs(total))) {
      throw new ZlensException(
          Kind.RUNTIME,
          String.format(
              Locale.ROOT,
              "the parts of %s miss their sum %.6g by %.2g, and the tolerance is %.2g",
              what,
              total,
              residual,
              tolerance),
          "allow more with 'set tolerance'");
    }
  }

  int size() {
    return each.size();
  }

  /**
   * The mean over the prompts, or a row for each prompt's own rows.
   *
   * @param explains the number that the rows add up to, for the note below
   */
  TableValue table(String title, String explains, boolean asOne) {
    Rows rows = new Rows(title);
    if (asOne && (each.size() > 1 || split == Split.TOKENS)) {
      MeanAttribution mean = MeanAttribution.of(each, this::place);
      mean.rows().forEach(row -> mean(rows, row));
      rows.note("means over " + mean.count() + " prompts");
      return rows.note(sum(explains, mean.total(), mean.residual())).table();
    }
    double worst = 0;
    for (int i = 0; i < each.size(); i++) {
      for (Contribution row : each.get(i).rows()) {
        one(rows, i, row, !asOne);
      }
      worst = largest(worst, each.get(i).residual());
    }
    if (each.size() == 1) {
      return rows.note(sum(explains, each.get(0).total(), worst)).table();
    }
    return rows.note(
            String.format(
                Locale.ROOT,
                "the rows of each prompt sum to its %s, largest residual %.1e",
                explains,
                worst))
        .table();
  }

  private static double largest(double a, double b) {
    return Math.abs(b) > Math.abs(a) ? b : a;
  }

  private String sum(String explains, double total, double residual) {
    return String.format(
        Locale.ROOT,
        "the rows sum to the %s: %.6g%s, residual %.1e",
        explains,
        total,
        unit.isEmpty() ? "" : " " + unit,
        residual);
  }

  private void one(Rows rows, int attribution, Contribution row, boolean numbered) {
    int prompt = prompts.get(attribution);
    if (numbered) {
      rows.whole("prompt", prompt);
    }
    switch (split) {
      case PARTS -> rows.text("part", row.name());
      case FEATURES -> rows.text("part", row.name()).number("activation", row.activation(), "");
      case SOURCES, TOKENS -> source(rows, prompt, row);
      case HEADS_AND_SOURCES -> {
        rows.text("head", row.name());
        source(rows, prompt, row);
      }
    }
    rows.number("contribution", row.contribution(), unit).number("share", row.share(), "");
  }

  private void source(Rows rows, int prompt, Contribution row) {
    String token = row.token() < 0 ? null : bench.piece(row.token());
    String label = row.position() < 0 ? null : label(prompt, row.position());
    rows.text("source", token == null ? name(row) : row.position() + ":" + token)
        .whole("position", row.position())
        .text("token", token)
        .text("label", label);
  }

  /** Only the constant comes from nowhere. */
  private static String name(Contribution row) {
    return row.part() == Part.CONSTANT ? "constant" : row.part().label();
  }

  private void mean(Rows rows, MeanAttribution.Row row) {
    switch (split) {
      case PARTS, FEATURES -> rows.text("part", row.name());
      case SOURCES -> rows.text("source", row.place().isEmpty() ? row.name() : row.place());
      case TOKENS -> rows.text("token", row.place().isEmpty() ? row.name() : row.place());
      case HEADS_AND_SOURCES ->
          rows.text("head", row.name())
              .text("source", row.place().isEmpty() ? row.name() : row.place());
    }
    rows.whole("prompts", row.prompts())
        .number("contribution", row.contribution(), unit)
        .number("share", row.share(), "");
  }

  /**
   * How positions of different prompts come together: by label, the first token by itself since
   * attention rests there, and what is left.
   */
  private String place(int attribution, int position) {
    if (split == Split.PARTS || split == Split.FEATURES) {
      return "";
    }
    if (split == Split.TOKENS) {
      Prompt one = bench.prompts().prompts().get(prompts.get(attribution));
      return bench.piece(one.tokens().ids()[position]);
    }
    String label = label(prompts.get(attribution), position);
    return label != null ? label : position == 0 ? "first token" : "elsewhere";
  }

  private String label(int prompt, int position) {
    Prompt one = bench.prompts().prompts().get(prompt);
    return one.positions().labelAt(position).orElse(position == one.end() ? "END" : null);
  }
}
