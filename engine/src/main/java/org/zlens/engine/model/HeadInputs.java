package org.zlens.engine.model;

import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.HookPoints;
import org.zlens.engine.hook.Site;
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Tensor;

/**
 * What the queries, keys and values of a block are computed from: one normalised residual stream
 * for all heads, or, where somebody observes the inputs of single heads, a copy for each.
 */
final class HeadInputs {
  private final ModelConfig config;
  private final BlockWeights weights;
  private final int layer;
  private final Tensor resid;
  private final Tensor normalized;
  private final Tensor frozenScale;
  private final Tensor shared;

  HeadInputs(
      ModelConfig config,
      BlockWeights weights,
      int layer,
      Tensor resid,
      Tensor normalized,
      Tensor frozenScale,
      HookPoints run) {
    this.config = config;
    this.weights = weights;
    this.layer = layer;
    this.resid = resid;
    this.normalized = normalized;
    this.frozenScale = frozenScale;
    this.shared =
        run.observes(Site.ATTN_IN, layer)
            ? run.at(Site.ATTN_IN, layer, copies(resid, config.heads()))
            : null;
  }

  /** Queries, keys or values {@code [batch, pos, head, d_head]}. */
  Tensor heads(HookPoints run, Site input, Tensor weight, Tensor bias) {
    int heads = input == Site.Q_INPUT ? config.heads() : config.keyValueHeads();
    boolean split = run.observes(input, layer);
    if (!split && shared == null) {
      return Kernels.call("heads", normalized, weight, bias, heads);
    }
    if (run.edits(Site.LN1_NORMALIZED, layer)) {
      throw new ZlensException(
          Kind.USAGE,
          "an edit of L" + layer + ".ln1.normalized would be lost under inputs split by head",
          "edit the inputs of the heads alone");
    }
    Tensor copies = shared != null && heads == config.heads() ? shared : copies(resid, heads);
    if (split) {
      copies = run.at(input, layer, copies);
    }
    Norm norm = weights.norm1(config);
    Tensor seen =
        frozenScale == null
            ? norm.apply(copies)[0]
            : norm.rescaled(copies, frozenScale.unsqueeze(2));
    return Kernels.call("heads_split", norm.onward(seen), weight, bias, heads);
  }

  /** Queries, keys and values, where nobody observes what single heads read; else null. */
  Tensor[] allOrNull(HookPoints run) {
    boolean split =
        shared != null
            || run.observes(Site.Q_INPUT, layer)
            || run.observes(Site.K_INPUT, layer)
            || run.observes(Site.V_INPUT, layer);
    return split
        ? null
        : Kernels.callList(
            "heads_all",
            normalized,
            weights.wQ(),
            weights.bQ(),
            weights.wK(),
            weights.bK(),
            weights.wV(),
            weights.bV(),
            config.heads(),
            config.keyValueHeads());
  }

  private static Tensor copies(Tensor resid, int heads) {
    return resid.unsqueeze(2).expand(-1, -1, heads, -1);
  }
}
