package org.zlens.engine.dashboard;

/**
 * How many places have which activation of a feature, those of zero apart.
 *
 * @param step width of a bin, a power of two; 0 of a feature that is never active
 * @param counts of each bin, the first from 0 on, the last with the largest activation
 * @param proxy how many of them have the proxy; empty without one
 */
public record ActivationHistogram(double step, int[] counts, int[] proxy) {}
