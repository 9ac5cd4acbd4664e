package org.zlens.engine.attribute.circuit;

/**
 * What a node adds to the metric through another, past no third node's site.
 *
 * @param from the node upstream
 * @param to the node downstream; null for the metric itself
 * @param contribution mean over the prompts, by linear estimate
 */
public record CircuitEdge(CircuitNode from, CircuitNode to, double contribution) {}
