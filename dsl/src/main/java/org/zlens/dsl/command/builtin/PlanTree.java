package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.zlens.dsl.command.engine.SweepRuns;
import org.zlens.dsl.session.TreeNode;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.plan.Bytes;
import org.zlens.engine.plan.MachineSpeed;
import org.zlens.engine.plan.Plan;
import org.zlens.engine.plan.Round;

/** A plan in words: what runs again and at how many positions, and what that takes. */
final class PlanTree {
  private static final String DETAIL = "detail";

  private PlanTree() {}

  static TreeNode of(Plan plan, ModelConfig config, Optional<SweepRuns.Took> took) {
    List<TreeNode> parts = new ArrayList<>();
    List<Round> rounds = plan.rounds();
    int clean = plan.chunks().size();
    parts.add(
        node(
            "runs",
            count(plan.tried(), "pair")
                + " of "
                + plan.pairs()
                + " of intervention and prompt; in the others nothing can change"));
    parts.add(
        node(
            "passes",
            count(clean, "clean pass", "clean passes")
                + ", "
                + rounds.size()
                + " beside "
                + (clean == 1 ? "it" : "them")
                + (plan.plainly().isEmpty() ? "" : ", " + plan.plainly().size() + " whole ones")));
    if (!rounds.isEmpty()) {
      IntSummaryStatistics starts =
          rounds.stream().mapToInt(round -> round.rerun().start().layer()).summaryStatistics();
      IntSummaryStatistics widths =
          rounds.stream().mapToInt(round -> round.rerun().reached().width()).summaryStatistics();
      parts.add(
          node(
              "layers",
              range("L", starts.getMin(), starts.getMax())
                  + " on, of "
                  + config.layers()
                  + "; what is before comes from the clean pass"));
      parts.add(
          node("positions", range("", widths.getMin(), widths.getMax()) + " of a prompt change"));
      int cells = rounds.stream().mapToInt(Round::cells).sum();
      parts.add(node("logits", "read at " + count(cells, "place")));
    }
    double seconds = plan.cost().seconds(MachineSpeed.of(config));
    parts.add(
        node(
            "time",
            "about "
                + time(seconds)
                + took.map(real -> "; it took " + time(real.seconds())).orElse("")));
    parts.add(
        node(
            "memory",
            "about "
                + Bytes.text(plan.growth())
                + " beside the model"
                + took.filter(real -> real.bytes() >= 0)
                    .map(real -> "; it took " + Bytes.text(real.bytes()) + " more than before")
                    .orElse("")));
    return new TreeNode("plan", Map.of(DETAIL, "the least work"), parts);
  }

  private static String range(String prefix, int least, int most) {
    return least == most ? prefix + least : prefix + least + " to " + prefix + most;
  }

  private static String count(long number, String what) {
    return count(number, what, what + "s");
  }

  private static String count(long number, String what, String many) {
    return number + " " + (number == 1 ? what : many);
  }

  private static String time(double seconds) {
    return seconds < 1
        ? String.format(Locale.ROOT, "%.2g s", seconds)
        : String.format(Locale.ROOT, "%.3g s", seconds);
  }

  private static TreeNode node(String name, String detail) {
    return new TreeNode(name, Map.of(DETAIL, detail), List.of());
  }
}
