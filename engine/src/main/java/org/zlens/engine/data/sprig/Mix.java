package org.zlens.engine.data.sprig;

import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/**
 * How many of the tokens come from each kind of document.
 *
 * <p>Shares are of tokens, not of documents; they need not sum to one.
 */
public final class Mix {
  private final Map<PassageKind, Double> shares;
  private final PassageKind[] kinds;
  private final double[] upTo;

  private Mix(Map<PassageKind, Double> shares) {
    this.shares = new EnumMap<>(shares);
    this.kinds = this.shares.keySet().toArray(PassageKind[]::new);
    this.upTo = new double[kinds.length];
    double total = 0;
    for (int i = 0; i < kinds.length; i++) {
      double share = this.shares.get(kinds[i]);
      if (!(share >= 0) || Double.isInfinite(share)) {
        throw new ZlensException(
            Kind.USAGE, "the share of " + kinds[i] + " must not be negative, found " + share, null);
      }
      total += share / kinds[i].averageTokens();
      upTo[i] = total;
    }
    if (!(total > 0)) {
      throw new ZlensException(Kind.USAGE, "a mix of texts needs at least one share above 0", null);
    }
  }

  /** A mix of given shares of tokens. */
  public static Mix of(Map<PassageKind, Double> shares) {
    if (shares.isEmpty()) {
      throw new ZlensException(Kind.USAGE, "a mix of texts needs at least one share above 0", null);
    }
    return new Mix(shares);
  }

  /** Repeats of few words alone: where induction heads form first. */
  public static Mix repeats() {
    return of(Map.of(PassageKind.REPEAT_FEW, 0.7, PassageKind.REPEAT_MANY, 0.3));
  }

  /** The mix of the embedded model's training text. */
  public static Mix standard() {
    return of(
        Map.of(
            PassageKind.INDIRECT_OBJECT, 0.24,
            PassageKind.REPEAT_FEW, 0.20,
            PassageKind.REPEAT_MANY, 0.26,
            PassageKind.LOCAL_REPEAT, 0.08,
            PassageKind.SUCCESSION, 0.06,
            PassageKind.TOPIC, 0.06,
            PassageKind.QUESTION, 0.04,
            PassageKind.PRONOUN, 0.04,
            PassageKind.CODE, 0.03));
  }

  /** The share of each kind as given. */
  public Map<PassageKind, Double> shares() {
    return Map.copyOf(shares);
  }

  PassageKind draw(SplittableRandom random) {
    double at = random.nextDouble() * upTo[upTo.length - 1];
    int i = 0;
    while (i + 1 < upTo.length && at >= upTo[i]) {
      i++;
    }
    return kinds[i];
  }
}
