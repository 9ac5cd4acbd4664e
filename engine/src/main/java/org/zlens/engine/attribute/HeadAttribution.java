package org.zlens.engine.attribute;

import java.util.ArrayList;
import java.util.List;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Site;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/**
 * How much of an attention feature each head writes, from the weights alone: the norm of the head's
 * slice of the decoder direction over the sum of all slices' norms (paper-spec A.3).
 */
public final class HeadAttribution {
  private HeadAttribution() {}

  /**
   * A feature with the share of one head.
   *
   * @param share from 0 to 1
   */
  public record Share(int layer, int head, int feature, double share) {}

  /** Shares {@code [feature, head]}; rows sum to 1, but for decoder directions that are zero. */
  public static Tensor all(Sae sae, ModelConfig config) {
    return shares(requireHeads(sae).wDec(), config);
  }

  /** Shares of some features, {@code [features.length, head]}, as {@link #all} has them. */
  public static Tensor some(Sae sae, ModelConfig config, int... features) {
    return shares(requireHeads(sae).directions(features), config);
  }

  /** The share of each head in one feature, in the order of the heads. */
  public static List<Share> of(Sae sae, ModelConfig config, int feature) {
    requireHeads(sae).requireFeature(feature);
    try (Scope scope = Scope.open()) {
      float[] shares = shares(sae.directions(feature), config).floats();
      List<Share> all = new ArrayList<>();
      for (int head = 0; head < shares.length; head++) {
        all.add(new Share(sae.location().layer(), head, feature, shares[head]));
      }
      return all;
    }
  }

  /** The features with the largest shares of one head, falling. */
  public static List<Share> top(Sae sae, ModelConfig config, int head, int count) {
    if (head < 0 || head >= config.heads()) {
      throw new ZlensException(
          Kind.NAME,
          "no head L" + sae.location().layer() + ".H" + head,
          "heads run from H0 to H" + (config.heads() - 1));
    }
    try (Scope scope = Scope.open()) {
      Tensor.TopK top = all(sae, config).select(1, head).topK(Math.min(count, sae.features()), 0);
      float[] shares = top.values().floats();
      long[] features = top.indices().longs();
      List<Share> found = new ArrayList<>();
      for (int i = 0; i < shares.length; i++) {
        found.add(new Share(sae.location().layer(), head, (int) features[i], shares[i]));
      }
      return found;
    }
  }

  private static Tensor shares(Tensor directions, ModelConfig config) {
    Tensor norms = directions.reshape(directions.size(0), config.heads(), -1).norm(-1);
    // The addition keeps a dead direction from dividing by zero; it is below rounding elsewhere.
    return norms.div(norms.sum(-1L).add(1e-30).unsqueeze(-1));
  }

  private static Sae requireHeads(Sae sae) {
    if (sae.location().site() != Site.Z) {
      throw new ZlensException(
          Kind.TYPE, sae + " has no heads", "head attribution is for SAEs on z");
    }
    return sae;
  }
}
