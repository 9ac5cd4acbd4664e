package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.Places;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.TreeNode;
import org.zlens.dsl.session.TreeValue;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.attribute.AttributionTree;
import org.zlens.engine.attribute.CleanRun;
import org.zlens.engine.attribute.MeanTree;
import org.zlens.engine.attribute.TreeOptions;
import org.zlens.engine.attribute.TreeRoot;
import org.zlens.engine.data.Alignment;

/** {@code rdfa ... across}: the mean of the trees of all prompts, or of those of each group. */
final class TreeAcross {
  static final Parameter<String> ACROSS =
      Parameter.after(
              "across",
              "group",
              Types.NAME,
              "the mean over all 'prompts', or over those of the same tag, such as 'template'")
          .optional();

  private static final String ALL = "prompts";

  private final Workbench bench;
  private final Arguments arguments;
  private final TreeTarget target;
  private final AttributionTreeValue made;
  private final Places places;
  private final CleanRun run;

  TreeAcross(
      Workbench bench,
      Arguments arguments,
      TreeTarget target,
      AttributionTreeValue made,
      Places places,
      CleanRun run) {
    this.bench = bench;
    this.arguments = arguments;
    this.target = target;
    this.made = made;
    this.places = places;
    this.run = run;
  }

  /** Refuses words that are for the tree of one prompt. */
  static void check(Arguments arguments, Parameter<?>... ofOne) {
    for (Parameter<?> parameter : ofOne) {
      if (arguments.has(ACROSS) && arguments.has(parameter)) {
        throw arguments.fault(
            parameter,
            Kind.USAGE,
            "'" + parameter.word() + "' is for the tree of one prompt",
            "leave out 'across'");
      }
    }
  }

  /** How often the tree of each prompt is made: what is followed is found level by level. */
  static int trees(TreeOptions options) {
    return 2 * options.depth() + 1;
  }

  /** The mean tree, or one for each group below their mean. */
  TreeValue value(TreeOptions options) {
    int[] at = places.single();
    List<MeanTree.Root> roots = new ArrayList<>();
    for (int row = 0; row < at.length; row++) {
      TreeRoot what = target.root(row);
      boolean feature =
          what instanceof TreeRoot.AttentionFeature || what instanceof TreeRoot.ResidualFeature;
      if (!feature || AttributionTree.value(run, what, row, at[row]) > 0) {
        roots.add(new MeanTree.Root(what, row, at[row]));
      }
    }
    if (roots.isEmpty()) {
      throw Inactive.nowhere(bench, arguments.get(TreeTarget.WHAT), places);
    }
    List<String> left = new ArrayList<>();
    if (roots.size() < at.length) {
      left.add("it is not active in " + (at.length - roots.size()) + " other prompts");
    }
    String tag = arguments.get(ACROSS);
    return tag.equals(ALL)
        ? tree(roots, options, bench.prompts().name()).withNotes(left)
        : groups(tag, roots, options).withNotes(left);
  }

  private TreeValue tree(List<MeanTree.Root> roots, TreeOptions options, String prompts) {
    MeanTree tree =
        MeanTree.of(
            run,
            roots,
            places.text(),
            Alignment.byLabel(bench.prompts()),
            options,
            (done, total) -> bench.progress("rdfa").step(done, 0));
    return made.value(tree, name(roots.get(0).what()), places.text(), prompts);
  }

  /** Answers differ from prompt to prompt. */
  private String name(TreeRoot root) {
    boolean answers = arguments.get(TreeTarget.LOGIT) && !arguments.has(TreeTarget.TOKEN);
    String what = arguments.has(TreeTarget.WHAT) ? arguments.get(TreeTarget.WHAT).text() : "";
    if (!answers) {
      return target.name(root);
    }
    return what.isEmpty() ? "logit difference" : what + " by the logit difference";
  }

  private TreeValue groups(String tag, List<MeanTree.Root> roots, TreeOptions options) {
    PromptGroups groups = PromptGroups.of(bench.prompts(), arguments, ACROSS, ALL);
    Map<String, List<MeanTree.Root>> each = new LinkedHashMap<>();
    for (MeanTree.Root root : roots) {
      each.computeIfAbsent(groups.names().get(root.row()), group -> new ArrayList<>()).add(root);
    }
    List<TreeValue> trees = new ArrayList<>();
    List<String> names = List.copyOf(each.keySet());
    for (String group : names) {
      trees.add(tree(each.get(group), options, tag + " " + group));
    }
    double[] parts =
        IntStream.range(0, names.size())
            .mapToDouble(
                i ->
                    (Double) trees.get(i).root().cells().get("contribution")
                        * each.get(names.get(i)).size()
                        / roots.size())
            .toArray();
    double total = IntStream.range(0, parts.length).mapToDouble(i -> parts[i]).sum();
    List<TreeNode> nodes = new ArrayList<>();
    for (int i = 0; i < parts.length; i++) {
      TreeNode root = trees.get(i).root();
      Map<String, Object> cells = new LinkedHashMap<>(root.cells());
      cells.put("activation", root.cells().get("contribution"));
      cells.put("contribution", parts[i]);
      cells.put("share", parts[i] / total);
      nodes.add(new TreeNode(tag + " " + names.get(i), cells, root.children()));
    }
    Map<String, Object> cells = new LinkedHashMap<>();
    cells.put("activation", null);
    cells.put("contribution", total);
    cells.put("share", 1.0);
    cells.put("prompts", roots.size());
    TreeValue first = trees.get(0);
    return new TreeValue(
        name(roots.get(0).what())
            + " at "
            + places.text()
            + ", means over the prompts of each "
            + tag,
        new TreeNode(first.root().label(), cells, nodes),
        first.units(),
        List.of(
            "below a group are means over its prompts; its own mean is its activation, and its"
                + " contribution what that is in the mean over all "
                + roots.size()
                + " prompts",
            "nothing counts where a prompt lacks a part; 'prompts' have it, 'spread' is the standard"
                + " deviation over those of the group"),
        Optional.empty());
  }
}
