package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.zlens.dsl.command.engine.Estimate;
import org.zlens.dsl.session.Runs;
import org.zlens.dsl.session.TreeNode;
import org.zlens.engine.plan.Bytes;
import org.zlens.engine.plan.Foretold;

/** What a command would do, in words, with the time and memory that it takes. */
final class PlanTree {
  private static final String DETAIL = "detail";

  private PlanTree() {}

  static TreeNode of(Estimate estimate, Runs.Told told) {
    Optional<Runs.Took> took = told.took();
    List<TreeNode> parts = new ArrayList<>();
    estimate.facts().forEach(fact -> parts.add(node(fact.name(), fact.text())));
    double seconds = told.seconds();
    String about = estimate.atMost() ? "at most " : "about ";
    parts.add(
        node(
            "time",
            (seconds < Foretold.LEAST_SECONDS
                    ? "under " + time(Foretold.LEAST_SECONDS)
                    : about + time(seconds))
                + took.map(real -> "; it took " + time(real.seconds())).orElse("")));
    parts.add(
        node(
            "memory",
            (estimate.bytes() < Foretold.LEAST_BYTES
                    ? "under " + Bytes.text(Foretold.LEAST_BYTES)
                    : about + Bytes.text(Foretold.withProgram(estimate.bytes())))
                + " beside the model"
                + took.filter(real -> real.bytes() >= 0)
                    .map(real -> "; it took " + Bytes.text(real.bytes()) + " more than before")
                    .orElse("")));
    return new TreeNode("plan", Map.of(DETAIL, "the least work"), parts);
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
