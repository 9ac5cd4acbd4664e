package org.zlens.engine.attribute.circuit;

/**
 * How much a metric hangs on a node.
 *
 * @param contribution what the metric loses, by linear estimate, when the node alone takes the
 *     value that stands for its absence: mean over all prompts, zero where it does not differ
 * @param spread standard deviation of the same over the prompts
 * @param prompts number of prompts in which it differs from that value
 */
public record NodeEffect(CircuitNode node, double contribution, double spread, int prompts) {}
