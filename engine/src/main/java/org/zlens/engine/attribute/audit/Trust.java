package org.zlens.engine.attribute.audit;

/**
 * How far the linear estimate of an edge is from the exact effect of removing its parent.
 *
 * <p>The difference is held against the larger of the two, or against {@link #FLOOR} of the child's
 * own size where both are smaller: a contribution of a thousandth that is really none matters to
 * nobody.
 */
public enum Trust {
  /** They differ by 20 % at most. */
  GOOD("good"),
  /** By half at most: the sign is right and the size about so. */
  DOUBTFUL("doubtful"),
  /** By more, or one has the other's sign. */
  WRONG("wrong");

  /** Part of the child's size below which effects count as none. */
  public static final double FLOOR = 0.01;

  private static final double AGREES = 0.2;
  private static final double HALF = 0.5;

  private final String label;

  Trust(String label) {
    this.label = label;
  }

  /** The word for tables. */
  public String label() {
    return label;
  }

  /**
   * The difference over what it is held against.
   *
   * @param size of the child's activation, pre-activation or logit
   */
  public static double disagreement(double estimate, double exact, double size) {
    double larger = Math.max(Math.abs(estimate), Math.abs(exact));
    double against = Math.max(larger, FLOOR * Math.abs(size));
    return against == 0 ? 0 : Math.abs(exact - estimate) / against;
  }

  /**
   * The level of an edge.
   *
   * @param size of the child's activation, pre-activation or logit
   */
  public static Trust of(double estimate, double exact, double size) {
    double apart = disagreement(estimate, exact, size);
    return apart <= AGREES ? GOOD : apart <= HALF ? DOUBTFUL : WRONG;
  }
}
