package org.zlens.engine.model;

import java.util.ArrayList;
import java.util.List;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;

/**
 * Sizes and kinds that make one forward pass fit every architecture.
 *
 * @param layers number of blocks
 * @param dModel width of the residual stream
 * @param heads query heads of a block
 * @param keyValueHeads key and value heads of a block, a divisor of {@code heads}
 * @param dHead width of a head
 * @param dMlp width of the MLP
 * @param context most positions of a prompt
 * @param dVocab number of tokens
 * @param normEps added to the variance before its root
 */
public record ModelConfig(
    int layers,
    int dModel,
    int heads,
    int keyValueHeads,
    int dHead,
    int dMlp,
    int context,
    int dVocab,
    NormKind norm,
    double normEps,
    ActivationKind activation) {

  /** Refuses sizes that no model has. */
  public ModelConfig {
    int[] sizes = {layers, dModel, heads, keyValueHeads, dHead, dMlp, context, dVocab};
    for (int size : sizes) {
      if (size <= 0) {
        throw new IllegalArgumentException("sizes of a model must be positive");
      }
    }
    if (heads % keyValueHeads != 0) {
      throw new IllegalArgumentException(
          heads + " heads cannot share " + keyValueHeads + " key and value heads");
    }
  }

  /** This configuration with another norm. */
  public ModelConfig withNorm(NormKind kind) {
    return new ModelConfig(
        layers,
        dModel,
        heads,
        keyValueHeads,
        dHead,
        dMlp,
        context,
        dVocab,
        kind,
        normEps,
        activation);
  }

  /** Every location of this model in the order of the forward pass. */
  public List<Location> locations() {
    List<Location> all = new ArrayList<>();
    all.add(Location.of(Site.EMBED));
    all.add(Location.of(Site.POS_EMBED));
    for (int layer = 0; layer < layers; layer++) {
      for (Site site : Site.values()) {
        if (site.inBlock()) {
          all.add(Location.of(site, layer));
        }
      }
    }
    all.add(Location.of(Site.FINAL_SCALE));
    all.add(Location.of(Site.FINAL_NORMALIZED));
    return all;
  }
}
