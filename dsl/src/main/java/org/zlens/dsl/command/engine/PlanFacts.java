package org.zlens.dsl.command.engine;

import java.util.ArrayList;
import java.util.IntSummaryStatistics;
import java.util.List;
import org.zlens.dsl.command.engine.Estimate.Fact;
import org.zlens.engine.plan.Plan;
import org.zlens.engine.plan.Round;

/** A plan in words: what runs again, at how many positions, and what of it is read. */
final class PlanFacts {
  private PlanFacts() {}

  /**
   * The facts of a plan.
   *
   * @param layers number of blocks of the model
   */
  static List<Fact> of(Plan plan, int layers) {
    List<Fact> facts = new ArrayList<>();
    List<Round> rounds = plan.rounds();
    facts.add(
        new Fact(
            "runs",
            Counted.of(plan.tried(), "pair")
                + " of "
                + plan.pairs()
                + " of intervention and prompt"
                + (plan.tried() < plan.pairs() ? "; in the others nothing can change" : "")));
    facts.add(new Fact("passes", passes(plan)));
    if (!rounds.isEmpty()) {
      IntSummaryStatistics starts =
          rounds.stream().mapToInt(round -> round.rerun().start().layer()).summaryStatistics();
      int last = rounds.stream().mapToInt(round -> round.rerun().last()).max().orElse(0);
      IntSummaryStatistics widths =
          rounds.stream().mapToInt(round -> round.rerun().reached().width()).summaryStatistics();
      facts.add(
          new Fact(
              "layers",
              starts.getMin() >= layers
                  ? "none runs again, since what changes comes after them"
                  : range("L", starts.getMin(), Math.min(starts.getMax(), layers - 1))
                      + " touched first, L"
                      + Math.min(last, layers - 1)
                      + " read last, of "
                      + layers
                      + "; what is before comes from the clean pass"));
      facts.add(
          new Fact(
              "positions", range("", widths.getMin(), widths.getMax()) + " of a prompt change"));
      int cells = rounds.stream().mapToInt(Round::cells).sum();
      facts.add(new Fact("logits", Estimate.logits(cells, plan.columns())));
    } else if (!plan.plainly().isEmpty()) {
      facts.add(new Fact("layers", "all " + layers));
      facts.add(new Fact("positions", "all of a prompt"));
      facts.add(new Fact("logits", "of all tokens at all positions"));
    }
    return facts;
  }

  private static String passes(Plan plan) {
    int clean = plan.chunks().size();
    List<String> parts = new ArrayList<>();
    if (clean > 0) {
      int prompts = plan.chunks().get(0).size();
      parts.add(
          Counted.of(clean, "clean pass", "clean passes")
              + " over "
              + (clean > 1 ? "at most " : "")
              + Counted.of(prompts, "prompt"));
      parts.add(plan.rounds().size() + " beside " + (clean == 1 ? "it" : "them"));
    }
    if (!plan.plainly().isEmpty()) {
      int whole = plan.plainly().size() + 1;
      parts.add(Counted.of(whole, "whole one") + ", the clean one among them");
    }
    return String.join(", ", parts);
  }

  private static String range(String prefix, int least, int most) {
    return least == most ? prefix + least : prefix + least + " to " + prefix + most;
  }
}
