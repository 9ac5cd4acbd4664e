package org.zlens.engine.attribute;

/**
 * What a part contributes to a feature over the places where it is active.
 *
 * @param part number of the head, of the kind of source, or of the token
 * @param mean mean contribution
 * @param regression share of the variance of the sum of all parts that goes with this one: {@code 1
 *     - Var(T - P) / Var(T)}; the parts' shares need not sum to 1 (paper-spec A.11a)
 * @param energy share of the parts' squares: {@code sum P^2 / sum over parts of sum P^2}; the
 *     shares sum to 1 (paper-spec A.11b)
 */
public record PartVariance(int part, double mean, double regression, double energy) {}
