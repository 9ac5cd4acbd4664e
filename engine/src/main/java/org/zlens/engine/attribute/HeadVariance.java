package org.zlens.engine.attribute;

/**
 * What a head contributes to a feature over the places where it is active.
 *
 * @param mean mean contribution
 * @param regression share of the variance of the sum of all heads that goes with this one: {@code 1
 *     - Var(T - P) / Var(T)}; the heads' shares need not sum to 1 (paper-spec A.11a)
 * @param energy share of the heads' squares: {@code sum P^2 / sum over heads of sum P^2}; the
 *     shares sum to 1 (paper-spec A.11b)
 */
public record HeadVariance(int head, double mean, double regression, double energy) {}
