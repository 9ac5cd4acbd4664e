package org.zlens.engine.plan;

/**
 * The work of a computation.
 *
 * @param flops floating-point operations of its matrix products, two for each product of numbers
 * @param values numbers that it writes beside them, one by one
 * @param calls native calls
 */
public record Cost(double flops, double values, double calls) {
  /** No work. */
  public static final Cost NONE = new Cost(0, 0, 0);

  /** Both. */
  public Cost plus(Cost other) {
    return new Cost(flops + other.flops, values + other.values, calls + other.calls);
  }

  /** The time that a machine of this speed takes. */
  public double seconds(MachineSpeed speed) {
    return flops / speed.flops() + values / speed.values() + calls * speed.call();
  }
}
