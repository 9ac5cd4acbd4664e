package org.zlens.dsl.command.builtin;

import java.util.List;
import org.zlens.dsl.command.engine.Counted;
import org.zlens.dsl.command.engine.Estimate;
import org.zlens.dsl.command.engine.Estimate.Fact;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.engine.attribute.TreeOptions;
import org.zlens.engine.plan.Cost;
import org.zlens.engine.plan.SaeCost;
import org.zlens.engine.sae.Sae;
import org.zlens.engine.sae.SaeSet;

/** What it takes to follow a number upstream, at most: which numbers it meets is not known yet. */
final class TreeCost {
  /** Positions whose features are found together. */
  private static final int AT_ONCE = 32;

  private static final double CALLS = 110;

  private final Workbench bench;
  private final TreeOptions options;
  private final int below;

  /**
   * The cost of trees.
   *
   * @param below layers whose SAEs may be met
   */
  TreeCost(Workbench bench, TreeOptions options, int below) {
    this.bench = bench;
    this.options = options;
    this.below = below;
  }

  /** Trees of so many prompts, the passes before them apart. */
  Estimate of(int prompts, SaeSet saes) {
    double numbers = 0;
    double level = 1;
    for (int i = 0; i < Math.min(options.depth(), below + 1); i++) {
      numbers += level;
      level *= (double) options.width() * options.width();
    }
    double sources = numbers * options.width();
    int positions = bench.prompts().longest();
    Cost each = new Cost(0, 0, CALLS * (numbers + sources * below));
    if (!options.heads()) {
      double blocks = Math.min(sources, Math.ceil((double) positions / AT_ONCE));
      for (int layer = 0; layer < below; layer++) {
        Sae sae = saes.attention(layer);
        each = each.plus(SaeCost.encode(sae, blocks * Math.min(AT_ONCE, positions), blocks));
      }
    }
    return new Estimate(
            List.of(
                new Fact(
                    "numbers",
                    "at most "
                        + Counted.of(Math.round(prompts * numbers), "number")
                        + " that are split, "
                        + Counted.of(options.width(), "source")
                        + " of each followed")),
            each.times(prompts),
            0)
        .orLess();
  }
}
