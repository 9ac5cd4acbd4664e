package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.GraphValue;
import org.zlens.dsl.session.ProvenanceLines;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.TreeNode;
import org.zlens.dsl.session.TreeValue;
import org.zlens.engine.attribute.AttributionTree;
import org.zlens.engine.attribute.Contribution;
import org.zlens.engine.attribute.Explained;
import org.zlens.engine.attribute.MeanTree;
import org.zlens.engine.attribute.TreeRoot;
import org.zlens.engine.attribute.graph.AttributionGraph;
import org.zlens.engine.attribute.graph.GraphText;
import org.zlens.engine.attribute.graph.TreeGraph;

/** A tree of attributions as a value of the language, with its graph. */
final class AttributionTreeValue {
  private final Workbench bench;
  private final Session session;

  AttributionTreeValue(Workbench bench, Session session) {
    this.bench = bench;
    this.session = session;
  }

  /**
   * The value.
   *
   * @param name of the root in words
   * @param place of the root in words
   */
  TreeValue value(AttributionTree tree, String name, String place) {
    return value(tree, name, graph(tree, name, place), TreeColumns.NONE);
  }

  /** The tree with each number once. */
  AttributionGraph graph(AttributionTree tree, String name, String place) {
    return TreeGraph.of(name + " at " + place + " of prompt " + tree.prompt(), tree);
  }

  /** The value with what was measured of its rows, which its graph has too. */
  TreeValue value(AttributionTree tree, String name, AttributionGraph found, TreeColumns columns) {
    Function<Contribution, String> places = row -> row.position() + ":" + bench.piece(row.token());
    return value(tree, name, found, places, PromptText.of(bench, session, tree.prompt()), columns);
  }

  /** A mean over some prompts with each number once. */
  AttributionGraph graph(MeanTree mean, String name, String place, String prompts) {
    String title =
        name + " at " + place + ", the mean over " + mean.prompts() + " prompts of " + prompts;
    return TreeGraph.of(title, mean.tree());
  }

  /** A mean over some prompts with what was measured of its rows, which its graph has too. */
  TreeValue value(
      MeanTree mean, String name, String prompts, AttributionGraph found, TreeColumns columns) {
    List<String> names = mean.places().names();
    GraphText text =
        new GraphText(
            bench.model().name(),
            bench.model().config().layers(),
            prompts,
            names,
            ProvenanceLines.of(session.provenance()));
    return value(
        mean.tree(),
        name,
        found,
        row -> names.get(row.position()),
        text,
        new SpreadRows(mean).and(columns));
  }

  private TreeValue value(
      AttributionTree tree,
      String name,
      AttributionGraph found,
      Function<Contribution, String> places,
      GraphText text,
      TreeColumns columns) {
    AttributionRows rows = new AttributionRows(places, columns);
    TreeNode root = rows.of(tree, name + " at " + places.apply(tree.root().row()));
    String unit = unit(tree.what());
    List<String> notes = notes(tree);
    notes.addAll(columns.notes(name));
    List<String> findings = columns.findings(name);
    notes.addAll(findings);
    GraphValue graph = new GraphValue(found, text, unit, findings);
    return new TreeValue(
        found.what(),
        root,
        tree.options().reasons()
            ? Map.of("contribution", unit, "score", "score")
            : Map.of("contribution", unit),
        notes,
        Optional.of(graph));
  }

  /** Of the root; below a feature contributions are parts of its activation whatever the root. */
  private static String unit(TreeRoot root) {
    if (root instanceof TreeRoot.Logit) {
      return "logits or activation";
    } else if (root instanceof TreeRoot.Head head) {
      return head.read().isPresent() ? "logits or activation" : "norm or activation";
    }
    return "activation";
  }

  private static List<String> notes(AttributionTree tree) {
    List<String> notes = new ArrayList<>();
    notes.add(
        "a contribution is to the number above, a share is the part of that number: of a feature,"
            + " its activation");
    notes.add("below a feature, the rows sum to its own pre-activation");
    double[] worst = {0};
    double[] sums = new double[3];
    walk(
        tree.root(),
        one -> {
          one.splits()
              .forEach(split -> worst[0] = Math.max(worst[0], Math.abs(split.parts().residual())));
          if (!Double.isNaN(one.measured())) {
            sums[0] += Math.abs(one.measured() - one.row().contribution());
            sums[1] += Math.abs(one.row().contribution());
            sums[2]++;
          }
        });
    notes.add(
        String.format(
            Locale.ROOT,
            "rows miss the sum above them by %.1e at most, which is rounding",
            worst[0]));
    if (sums[2] > 0) {
      notes.add(
          String.format(
              Locale.ROOT,
              "MLPs without a transcoder were made linear: over the %d parts followed through them"
                  + " that misses what was measured by %.0f %% of their size",
              (int) sums[2],
              100 * sums[0] / sums[1]));
    }
    if (tree.options().reasons()) {
      notes.add("below 'why', the rows sum to an attention score before the softmax");
    }
    return notes;
  }

  private static void walk(Explained one, Consumer<Explained> visitor) {
    visitor.accept(one);
    one.splits().forEach(split -> split.followed().forEach(part -> walk(part, visitor)));
  }
}
