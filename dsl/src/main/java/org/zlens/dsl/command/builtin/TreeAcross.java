package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.Arrays;
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
import org.zlens.dsl.session.GraphValue;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.TreeNode;
import org.zlens.dsl.session.TreeValue;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.attribute.AttributionTree;
import org.zlens.engine.attribute.CleanRun;
import org.zlens.engine.attribute.MeanTree;
import org.zlens.engine.attribute.TreeOptions;
import org.zlens.engine.attribute.TreeRoot;
import org.zlens.engine.attribute.graph.AttributionGraph;
import org.zlens.engine.attribute.graph.GraphText;
import org.zlens.engine.attribute.graph.MeanGraph;
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

  private final Session session;
  private final Workbench bench;
  private final Arguments arguments;
  private final TreeTarget target;
  private final AttributionTreeValue made;
  private final Places places;
  private final CleanRun run;
  private final Parameter<Boolean> audit;

  /**
   * @param audit the word that asks for an audit
   */
  TreeAcross(
      Session session,
      Workbench bench,
      Arguments arguments,
      TreeTarget target,
      AttributionTreeValue made,
      Places places,
      CleanRun run,
      Parameter<Boolean> audit) {
    this.session = session;
    this.audit = audit;
    this.bench = bench;
    this.arguments = arguments;
    this.target = target;
    this.made = made;
    this.places = places;
    this.run = run;
  }

  /** Refuses words that are for the tree of one prompt. */
  static void check(Arguments arguments, Parameter<?> prompt, Parameter<?> with) {
    if (!arguments.has(ACROSS)) {
      return;
    }
    refuse(arguments, prompt, "leave out 'across'");
    // Heads look for reasons of each prompt, which are not the same parts of the same scores.
    refuse(arguments, with, "the verb 'qk' takes the mean of a score over prompts");
  }

  private static void refuse(Arguments arguments, Parameter<?> ofOne, String hint) {
    if (arguments.has(ofOne)) {
      throw arguments.fault(
          ofOne, Kind.USAGE, "'" + ofOne.word() + "' is for the tree of one prompt", hint);
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
    Alignment shared = Alignment.byLabel(bench.prompts()).joining(places.text(), at(roots));
    return tag.equals(ALL)
        ? tree(roots, shared, options, bench.prompts().name()).withNotes(left)
        : groups(tag, roots, shared, options).withNotes(left);
  }

  /** Where the prompts have their root, -1 in those that have none. */
  private int[] at(List<MeanTree.Root> roots) {
    int[] at = new int[bench.prompts().size()];
    Arrays.fill(at, -1);
    roots.forEach(root -> at[root.row()] = root.position());
    return at;
  }

  private TreeValue tree(
      List<MeanTree.Root> roots, Alignment shared, TreeOptions options, String prompts) {
    MeanTree tree =
        MeanTree.of(
            run,
            roots,
            places.text(),
            shared,
            options,
            (done, total) -> bench.progress("rdfa").step(done, 0));
    String name = name(roots.get(0).what());
    if (arguments.get(audit)) {
      return AuditedTree.of(session, bench, run, tree, made, name, places.text(), prompts);
    }
    AttributionGraph graph = made.graph(tree, name, places.text(), prompts);
    return made.value(tree, name, prompts, graph, TreeColumns.NONE);
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

  private TreeValue groups(
      String tag, List<MeanTree.Root> roots, Alignment shared, TreeOptions options) {
    PromptGroups groups = PromptGroups.of(bench.prompts(), arguments, ACROSS, ALL);
    Map<String, List<MeanTree.Root>> each = new LinkedHashMap<>();
    for (MeanTree.Root root : roots) {
      each.computeIfAbsent(groups.names().get(root.row()), group -> new ArrayList<>()).add(root);
    }
    List<TreeValue> trees = new ArrayList<>();
    List<String> names = List.copyOf(each.keySet());
    for (String group : names) {
      trees.add(tree(each.get(group), shared, options, tag + " " + group));
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
    String title =
        name(roots.get(0).what())
            + " at "
            + places.text()
            + ", means over the prompts of each "
            + tag;
    List<String> notes = new ArrayList<>();
    notes.add(
        "below a group are means over its prompts; its own mean is its activation, and its"
            + " contribution what that is in the mean over all "
            + roots.size()
            + " prompts");
    notes.add(
        "nothing counts where a prompt lacks a part; 'prompts' have it, 'spread' is the standard"
            + " deviation over those of the group");
    for (int i = 0; i < trees.size(); i++) {
      String group = tag + " " + names.get(i);
      findings(trees.get(i)).forEach(note -> notes.add(group + ": " + note));
    }
    List<Double> weights =
        names.stream().map(group -> (double) each.get(group).size() / roots.size()).toList();
    return new TreeValue(
        title,
        new TreeNode(first.root().label(), cells, nodes),
        first.units(),
        notes,
        Optional.of(graph(title, trees, weights, roots.size())));
  }

  /** What was found of a tree, which its graph tells alone. */
  private static List<String> findings(TreeValue tree) {
    return tree.graph().orElseThrow().notes();
  }

  /** What is followed in any group, as means over all prompts. */
  private GraphValue graph(String title, List<TreeValue> trees, List<Double> weights, int prompts) {
    List<GraphValue> each = trees.stream().map(tree -> tree.graph().orElseThrow()).toList();
    GraphText text = each.get(0).text();
    return new GraphValue(
        MeanGraph.of(title, each.stream().map(GraphValue::graph).toList(), weights),
        new GraphText(
            text.model(), text.layers(), bench.prompts().name(), text.pieces(), text.provenance()),
        each.get(0).unit(),
        List.of("what is followed in any group; means over all " + prompts + " prompts"));
  }
}
