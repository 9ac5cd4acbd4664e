package org.zlens.engine.measure;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.attribute.HeadAttribution;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.sae.Sae;

/**
 * The features whose behaviour is tested for an induction head: those that the head mostly writes,
 * and as a control some of those that it hardly writes (paper-spec appendix F).
 *
 * @param selected features with at least the share asked for, rising
 * @param control features with less than {@link #HARDLY}, drawn with a seed, rising
 * @param shares the head's share of each feature of the SAE
 */
public record InductionGroups(int[] selected, int[] control, float[] shares) {
  /** The share of the head from which the paper takes a feature. */
  public static final double MOSTLY = 0.6;

  /** Below this share of the head a feature can be drawn for the control group. */
  public static final double HARDLY = 0.1;

  /** Features of the paper's control group. */
  public static final int CONTROL = 500;

  /**
   * The groups of one head.
   *
   * @param share at least this share makes a feature the head's
   * @param control features of the control group; fewer if there are not so many
   * @throws ZlensException of kind DATA if no feature has the share
   */
  public static InductionGroups of(
      Sae sae, ModelConfig config, int head, double share, int control, long seed) {
    float[] shares;
    try (Scope scope = Scope.open()) {
      shares = HeadAttribution.all(sae, config).select(1, head).floats();
    }
    int[] selected =
        IntStream.range(0, shares.length).filter(feature -> shares[feature] >= share).toArray();
    if (selected.length == 0) {
      double most = IntStream.range(0, shares.length).mapToDouble(i -> shares[i]).max().orElse(0);
      throw new ZlensException(
          Kind.DATA,
          String.format(
              "head L%d.H%d writes no feature with a share of at least %.2f",
              sae.location().layer(), head, share),
          String.format("its largest share is %.2f; give a smaller 'share'", most));
    }
    int[] others =
        IntStream.range(0, shares.length).filter(feature -> shares[feature] < HARDLY).toArray();
    SplittableRandom random = new SplittableRandom(seed);
    int drawn = Math.min(control, others.length);
    for (int i = 0; i < drawn; i++) {
      int other = i + random.nextInt(others.length - i);
      int moved = others[i];
      others[i] = others[other];
      others[other] = moved;
    }
    int[] chosen = Arrays.copyOf(others, drawn);
    Arrays.sort(chosen);
    return new InductionGroups(selected, chosen, shares);
  }
}
