package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.TreeNode;
import org.zlens.dsl.session.TreeValue;
import org.zlens.engine.attribute.Attribution;
import org.zlens.engine.attribute.Contribution;
import org.zlens.engine.attribute.Part;
import org.zlens.engine.attribute.RecursiveAttribution;

/** A recursive attribution as a tree whose rows add up: what is not followed has rows too. */
final class AttributionTree {
  private final Workbench bench;

  AttributionTree(Workbench bench) {
    this.bench = bench;
  }

  TreeValue value(String title, RecursiveAttribution.Node root) {
    return new TreeValue(
        title,
        feature(root, root.direct().preActivation(), 1),
        Map.of("contribution", "activation"),
        List.of(
            "a contribution is to the feature above, a share is the part of that feature's"
                + " activation",
            "below a feature, the rows sum to its own pre-activation"));
  }

  private TreeNode feature(RecursiveAttribution.Node node, double contribution, double share) {
    List<TreeNode> children = new ArrayList<>();
    if (!node.leaf()) {
      Set<Integer> followed = new HashSet<>();
      double whole = node.direct().activation();
      for (RecursiveAttribution.Source source : node.sources()) {
        followed.add(source.split().position());
        children.add(source(source, whole));
      }
      rest(
          children,
          node.direct().bySource(),
          whole,
          row -> row.part() == Part.SOURCE && followed.contains(row.position()));
    }
    return node(
        "L"
            + node.layer()
            + ".F"
            + node.feature()
            + " at "
            + place(node.destination(), node.token()),
        node.direct().activation(),
        contribution,
        share,
        children);
  }

  private TreeNode source(RecursiveAttribution.Source source, double whole) {
    double contribution = source.split().contribution();
    List<TreeNode> children = new ArrayList<>();
    boolean both = !source.children().isEmpty() && !source.residual().isEmpty();
    List<TreeNode> direct = new ArrayList<>();
    if (!source.children().isEmpty() || source.residual().isEmpty()) {
      attention(direct, source.children(), source.split().byFeature(), whole);
    }
    List<TreeNode> residual = new ArrayList<>();
    if (!source.residual().isEmpty()) {
      residual(residual, source, whole);
    }
    if (both) {
      // Two ways to explain one number: each sums to it by itself.
      children.add(
          node("through attention outputs", null, contribution, contribution / whole, direct));
      children.add(
          node("through residual features", null, contribution, contribution / whole, residual));
    } else {
      children.addAll(direct);
      children.addAll(residual);
    }
    return node(
        "from " + place(source.split().position(), source.split().token()),
        null,
        contribution,
        contribution / whole,
        children);
  }

  private void attention(
      List<TreeNode> into,
      List<RecursiveAttribution.Child> children,
      Attribution split,
      double whole) {
    Set<Contribution> followed = new HashSet<>();
    for (RecursiveAttribution.Child child : children) {
      followed.add(child.contribution());
      into.add(
          feature(
              child.node(),
              child.contribution().contribution(),
              child.contribution().contribution() / whole));
    }
    rest(into, split, whole, followed::contains);
  }

  private void residual(List<TreeNode> into, RecursiveAttribution.Source source, double whole) {
    Set<Contribution> followed = new HashSet<>();
    for (RecursiveAttribution.ResidualChild child : source.residual()) {
      followed.add(child.contribution());
      List<TreeNode> wrote = new ArrayList<>();
      attention(wrote, child.children(), child.split().byFeature(), child.split().activation());
      into.add(
          node(
              child.contribution().name(),
              child.contribution().activation(),
              child.contribution().contribution(),
              child.contribution().contribution() / whole,
              wrote));
    }
    rest(into, source.split().byResidualFeature().orElseThrow(), whole, followed::contains);
  }

  /** The rows that were not followed, those of a kind together. */
  private static void rest(
      List<TreeNode> into, Attribution split, double whole, Predicate<Contribution> followed) {
    Map<String, Double> sums = new LinkedHashMap<>();
    for (Contribution row : split.rows()) {
      if (!followed.test(row)) {
        sums.merge(kind(row.part()), row.contribution(), Double::sum);
      }
    }
    sums.forEach(
        (kind, sum) -> {
          if (sum != 0) {
            into.add(node(kind, null, sum, sum / whole, List.of()));
          }
        });
  }

  private static String kind(Part part) {
    return switch (part) {
      case EMBED, POS_EMBED -> "embeddings";
      case HEAD, HEAD_AT_SOURCE -> "other heads";
      case SOURCE -> "other sources";
      case OTHERS -> "others";
      case ATTN_OUT -> "attention without an SAE";
      case MLP_OUT -> "MLPs";
      case ATTENTION_FEATURE -> "other attention features";
      case RESIDUAL_FEATURE -> "other residual features";
      case SAE_ERROR, TRANSCODER_ERROR -> "SAE errors";
      case TRANSCODER_FEATURE -> "other transcoder features";
      case TRANSCODER_SKIP -> "skips of transcoders";
      case SAE_BIAS,
          OUTPUT_BIAS,
          VALUE_BIAS,
          QUERY_BIAS,
          KEY_BIAS,
          NORM_BIAS,
          UNEMBED_BIAS,
          TRANSCODER_BIAS,
          MLP_BIAS ->
          "biases";
      case CONSTANT -> "constant";
      case LOGIT, LOGIT_DIFFERENCE -> "logits";
    };
  }

  private String place(int position, int token) {
    return position + ":" + bench.piece(token);
  }

  private static TreeNode node(
      String label, Double activation, double contribution, double share, List<TreeNode> children) {
    Map<String, Object> cells = new LinkedHashMap<>();
    cells.put("activation", activation);
    cells.put("contribution", contribution);
    cells.put("share", share);
    return new TreeNode(label, cells, children);
  }
}
