package org.zlens.engine.plan;

/**
 * The work of a computation.
 *
 * @param flops floating-point operations of its matrix products, two for each product of numbers
 * @param values numbers that it writes beside them, one by one
 * @param calls native calls
 * @param weights numbers of weights that it goes through: where few rows are multiplied, to fetch
 *     them takes longer than to multiply
 */
public record Cost(double flops, double values, double calls, double weights) {
  /** No work. */
  public static final Cost NONE = new Cost(0, 0, 0, 0);

  /** Work that goes through no weights. */
  public Cost(double flops, double values, double calls) {
    this(flops, values, calls, 0);
  }

  /** Both. */
  public Cost plus(Cost other) {
    return new Cost(
        flops + other.flops, values + other.values, calls + other.calls, weights + other.weights);
  }

  /** So many times the same. */
  public Cost times(double count) {
    return new Cost(count * flops, count * values, count * calls, count * weights);
  }

  /** The time that a machine of this speed takes. */
  public double seconds(MachineSpeed speed) {
    return flops / speed.flops()
        + values / speed.values()
        + calls * speed.call()
        + weights / speed.weights();
  }
}
