package org.zlens.engine.plan;

import java.util.Collection;
import java.util.Set;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.model.ModelConfig;

/**
 * A pass over all positions of some prompts, and what it takes.
 *
 * @param rows prompts
 * @param positions of each
 * @param layers blocks that run, from the first on
 * @param logits places whose logits are computed
 * @param columns tokens whose logits are computed there; 0 for all
 * @param gradients whether gradients are taken through it
 * @param cost its work
 * @param bytes most memory at a time for what it computes, the weights apart
 */
public record WholePass(
    int rows,
    int positions,
    int layers,
    long logits,
    int columns,
    boolean gradients,
    Cost cost,
    long bytes) {

  /** The pass that hooks describe; edits apart, which take little beside it. */
  public static WholePass of(ModelConfig config, int rows, int positions, Hooks hooks) {
    ModelCost model = new ModelCost(config, positions);
    boolean all = hooks.logits() || hooks.lastLayer() >= config.layers();
    int layers = all ? config.layers() : Math.min(hooks.lastLayer() + 1, config.layers());
    long logits = hooks.logits() ? (long) rows * positions : 0;
    Cost cost = model.whole(rows, layers).plus(patterns(model, rows, hooks.captured()));
    long bytes = rows * model.held(hooks.captured(), layers);
    if (logits > 0) {
      cost = cost.plus(model.logits(logits, 0));
      bytes += model.logitTensor(logits);
    }
    return new WholePass(rows, positions, layers, logits, 0, false, cost, bytes);
  }

  /**
   * A pass and the way back through it, to the values at some locations.
   *
   * @param cells places whose logits a metric reads
   * @param columns how many tokens' logits it reads at each; 0 for those of all
   */
  public static WholePass back(
      ModelConfig config,
      int rows,
      int positions,
      Collection<Location> to,
      long cells,
      int columns) {
    ModelCost model = new ModelCost(config, positions);
    Cost forward = model.whole(rows, config.layers()).plus(model.logits(cells, columns));
    // Each product is made once more on the way back, those of attention twice.
    Cost cost =
        forward
            .plus(forward)
            .plus(model.attentionAlone(rows, config.layers()))
            .plus(model.moves(to, rows));
    long bytes = rows * (model.recorded() + 2 * model.kept(Set.copyOf(to)));
    return new WholePass(
        rows,
        positions,
        config.layers(),
        cells,
        columns,
        true,
        cost,
        bytes + 2 * model.logitBytes(cells, columns));
  }

  /** Bytes that the values at some locations take of one prompt. */
  public static long keptBytes(ModelConfig config, int positions, Collection<Location> captured) {
    return new ModelCost(config, positions).kept(captured);
  }

  /**
   * The work of a pass over one position more of each row, beside cached keys and values.
   *
   * @param positions most positions that are attended to
   */
  public static Cost next(ModelConfig config, int rows, int positions) {
    return new ModelCost(config, positions).next(rows);
  }

  /** The work of logits of all tokens at some places together. */
  public static Cost logits(ModelConfig config, long places) {
    return new ModelCost(config, 1).logits(places, 0);
  }

  private static Cost patterns(ModelCost model, int rows, Collection<Location> captured) {
    return captured.stream().map(at -> model.onDemand(at, rows)).reduce(Cost.NONE, Cost::plus);
  }
}
