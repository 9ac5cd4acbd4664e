package org.zlens.engine.attribute;

import org.zlens.engine.hook.Site;
import org.zlens.engine.intervene.Cells;
import org.zlens.engine.intervene.SaeReading;
import org.zlens.engine.model.Scores;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/**
 * What each head brings an attention feature from each source, at whichever destinations are asked
 * for (paper-spec A.5): values are projected on the encoder direction once, before attention mixes
 * them, and patterns are read one destination at a time.
 *
 * <p>Of a run that kept no pattern, the rows of it that are asked for follow from queries and keys,
 * so that no more of it than these is ever in memory.
 */
final class JointContributions {
  private final CleanRun run;
  private final int layer;
  private final Tensor projected;
  private final Tensor divisor;

  /** Projects the values of a layer; tensors belong to the open scope. */
  JointContributions(CleanRun run, int layer, int feature) {
    Sae sae = run.saes().attention(layer);
    run.requireMixed(layer);
    this.run = run;
    this.layer = layer;
    this.projected =
        DirectFeatureAttribution.project(
            run, sae.centeredReader(feature), run.activations().get(Site.V, layer));
    this.divisor = sae.divisor(SaeReading.of(sae, run.activations()).came());
    if (!hasPattern()) {
      run.requireOwnPattern(layer);
    }
  }

  /** Whether places of several prompts can be asked for at once. */
  boolean hasPattern() {
    return run.keepsPattern(layer);
  }

  /**
   * The contributions at some destinations: {@code [cell, head, source]}, zero behind the
   * destination.
   *
   * @param cells listed; of one prompt alone if the run kept no pattern
   * @param sources how many sources are given; no destination may lie behind them
   */
  Tensor at(Cells cells, int sources) {
    Tensor pattern =
        hasPattern()
            ? cells
                .take(run.activations().get(Site.PATTERN, layer).transpose(1, 2))
                .slice(2, 0, sources)
            : pattern(run, layer, cells, sources);
    Tensor values = projected.slice(1, 0, sources).indexSelect(0, cells.row()).transpose(1, 2);
    Tensor joint = pattern.mul(values);
    return divisor.rank() == 1 ? joint : joint.div(cells.take(divisor).unsqueeze(-1));
  }

  /** The rows of one prompt's pattern from its queries and keys, {@code [cell, head, source]}. */
  static Tensor pattern(CleanRun run, int layer, Cells cells, int sources) {
    long row = cells.row()[0];
    Scores scores = new Scores(run.config());
    Tensor queries = cells.take(run.activations().get(run.config().querySite(), layer));
    Tensor keys = run.activations().get(run.config().keySite(), layer).slice(0, row, row + 1);
    Tensor sees = scores.sees(Tensor.of(cells.position(), 1, cells.size()), sources, layer);
    return scores
        .of(queries.unsqueeze(0), scores.perHead(keys.slice(1, 0, sources)), sees)
        .softmax(-1)
        .select(0, 0)
        .transpose(0, 1);
  }
}
