package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.zlens.dsl.session.TreeNode;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.attribute.AttributionTree;
import org.zlens.engine.attribute.Contribution;
import org.zlens.engine.attribute.Explained;
import org.zlens.engine.attribute.Part;
import org.zlens.engine.attribute.QkAttribution;
import org.zlens.engine.attribute.QkReason;

/** A tree of attributions as rows that add up: what is not followed has rows too. */
final class AttributionRows {
  private static final int MOST = 200_000;

  private final Function<Contribution, String> places;
  private final TreeColumns columns;
  private int count;

  /**
   * @param places says where a row stands
   * @param columns what is known of rows beside their own numbers
   */
  AttributionRows(Function<Contribution, String> places, TreeColumns columns) {
    this.places = places;
    this.columns = columns;
  }

  /** The rows of a tree, under the name of its root. */
  TreeNode of(AttributionTree tree, String root) {
    count = 0;
    return number(tree.root(), root);
  }

  private TreeNode number(Explained one, String label) {
    if (++count > MOST) {
      throw new ZlensException(
          Kind.RUNTIME,
          "the tree has more than " + MOST + " branches",
          "ask for less depth or width, or a larger threshold");
    }
    Map<String, Object> cells = cells(one);
    List<TreeNode> children = new ArrayList<>();
    if (one.splits().size() == 1) {
      Explained.Split split = one.splits().get(0);
      cells.put("residual", split.parts().residual());
      children.addAll(parts(split));
    } else {
      // Several ways to explain one number: each sums to it by itself.
      for (Explained.Split split : one.splits()) {
        Map<String, Object> way = cells(null, one.total(), share(one));
        way.put("residual", split.parts().residual());
        children.add(new TreeNode(way(split.way()), way, parts(split)));
      }
    }
    one.reasons().forEach(reason -> children.add(reason(reason)));
    return new TreeNode(label, cells, children);
  }

  private static double share(Explained one) {
    return one.passesOn() ? one.row().share() : 1;
  }

  private static String way(Explained.Way way) {
    return switch (way) {
      case SOURCES -> "by source";
      case OUTPUTS -> "through attention outputs";
      case RESIDUAL -> "through residual features";
    };
  }

  private List<TreeNode> parts(Explained.Split split) {
    List<TreeNode> parts = new ArrayList<>();
    Set<Contribution> followed = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Explained one : split.followed()) {
      followed.add(one.row());
      parts.add(number(one, label(one)));
    }
    Map<String, double[]> sums = new LinkedHashMap<>();
    for (Contribution row : split.parts().rows()) {
      if (!followed.contains(row)) {
        double[] sum = sums.computeIfAbsent(kind(row.part()), kind -> new double[2]);
        sum[0] += row.contribution();
        sum[1] += row.share();
      }
    }
    sums.forEach(
        (kind, sum) -> {
          if (sum[0] != 0) {
            parts.add(new TreeNode(kind, cells(null, sum[0], sum[1]), List.of()));
          }
        });
    return parts;
  }

  private String label(Explained one) {
    Contribution row = one.row();
    return switch (row.part()) {
      case SOURCE -> "from " + places.apply(row);
      case ATTENTION_FEATURE -> row.name() + " at " + places.apply(row);
      case HEAD -> "through " + row.name();
      case MLP_OUT -> "through L" + row.layer() + ".mlp, made linear";
      case TRANSCODER_SKIP -> "through the skip of L" + row.layer() + ".mlp";
      default -> row.name();
    };
  }

  private static String kind(Part part) {
    return switch (part) {
      case EMBED, POS_EMBED -> "embeddings";
      case HEAD, HEAD_AT_SOURCE -> "other heads";
      case SOURCE, OTHERS -> "other sources";
      case ATTN_OUT -> "attention without an SAE";
      case MLP_OUT -> "MLPs";
      case ATTENTION_FEATURE -> "other attention features";
      case RESIDUAL_FEATURE -> "other residual features";
      case TRANSCODER_FEATURE -> "other transcoder features";
      case TRANSCODER_SKIP -> "skips of transcoders";
      case SAE_ERROR, RESIDUAL_ERROR, TRANSCODER_ERROR -> "SAE errors";
      case SAE_BIAS,
          RESIDUAL_BIAS,
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
      case LOGIT, LOGIT_DIFFERENCE, METRIC -> "logits";
    };
  }

  private Map<String, Object> cells(Explained one) {
    Contribution row = one.row();
    Double activation = Double.isNaN(row.activation()) ? null : row.activation();
    Map<String, Object> cells = cells(activation, row.contribution(), row.share());
    if (!Double.isNaN(one.measured())) {
      cells.put("measured", one.measured());
    }
    columns.add(cells, one);
    return cells;
  }

  private static Map<String, Object> cells(Double activation, double contribution, double share) {
    Map<String, Object> cells = new LinkedHashMap<>();
    cells.put("activation", activation);
    cells.put("contribution", contribution);
    cells.put("share", share);
    return cells;
  }

  /** Parts of a score, which have a column of their own. */
  private static TreeNode reason(QkReason reason) {
    List<TreeNode> pairs = new ArrayList<>();
    for (QkAttribution.Pair pair : reason.pairs()) {
      pairs.add(
          score(pair.query().name() + " on " + pair.key().name(), pair.contribution(), List.of()));
    }
    if (reason.others() != 0) {
      pairs.add(score("other pairs", reason.others(), List.of()));
    }
    return score("why L" + reason.layer() + ".H" + reason.head() + " looks", reason.score(), pairs);
  }

  private static TreeNode score(String label, double score, List<TreeNode> parts) {
    Map<String, Object> cells = new LinkedHashMap<>();
    cells.put("activation", null);
    cells.put("contribution", null);
    cells.put("share", null);
    cells.put("score", score);
    return new TreeNode(label, cells, parts);
  }
}
