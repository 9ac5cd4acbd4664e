package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.TableValue;
import org.zlens.engine.attribute.Contribution;
import org.zlens.engine.attribute.DestinationAttribution;
import org.zlens.engine.attribute.Part;
import org.zlens.engine.data.Prompt;

/** Direct feature attribution at many destinations, whose rows sum for each of them. */
final class DestinationTable {
  private static final String UNIT = "activation";

  private final Workbench bench;
  private final DestinationAttribution.Split split;
  private final List<Entry> entries = new ArrayList<>();
  private int destinations;
  private double worst;

  private record Entry(int prompt, DestinationAttribution of) {}

  DestinationTable(Workbench bench, DestinationAttribution.Split split) {
    this.bench = bench;
    this.split = split;
  }

  /** Hears of a destination that counts. */
  void add(int prompt, DestinationAttribution one) {
    entries.add(new Entry(prompt, one));
    destinations++;
    worst = Math.max(worst, Math.abs(one.attribution().residual()));
  }

  int size() {
    return destinations;
  }

  TableValue table(String title, String where) {
    Rows rows = new Rows(title);
    boolean many = bench.prompts().size() > 1;
    for (Entry entry : entries) {
      for (Contribution row : entry.of.attribution().rows()) {
        if (many) {
          rows.whole("prompt", entry.prompt);
        }
        rows.text("destination", place(entry.prompt, entry.of.destination()))
            .whole("position", entry.of.destination());
        if (split != DestinationAttribution.Split.SOURCE) {
          rows.text("head", row.index() >= 0 ? row.name() : name(row, entry.of));
        }
        if (split != DestinationAttribution.Split.HEAD) {
          rows.text(
              "source",
              row.position() >= 0
                  ? place(entry.prompt, row.position())
                  : split == DestinationAttribution.Split.BOTH ? null : name(row, entry.of));
        }
        rows.number("contribution", row.contribution(), UNIT).number("share", row.share(), "");
      }
    }
    return rows.note(
            String.format(
                Locale.ROOT,
                "the rows of each of the %d destinations %s sum to its pre-activation, largest"
                    + " residual %.1e",
                destinations,
                where,
                worst))
        .table();
  }

  private static String name(Contribution row, DestinationAttribution of) {
    return row.part() == Part.OTHERS ? "(" + of.dropped() + " others)" : row.part().label();
  }

  private String place(int prompt, int position) {
    Prompt one = bench.prompts().prompts().get(prompt);
    return position + ":" + bench.piece(one.tokens().ids()[position]);
  }
}
