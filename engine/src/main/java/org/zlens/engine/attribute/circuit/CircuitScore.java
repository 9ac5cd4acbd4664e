package org.zlens.engine.attribute.circuit;

/**
 * How much of a metric a circuit is, from runs of the model (Marks et al. 2024, section 3).
 *
 * @param nodes number of nodes in the circuit
 * @param least the smallest absolute contribution of its nodes; NaN for the empty circuit
 * @param alone mean metric with all other nodes absent
 * @param without mean metric with the circuit itself absent
 * @param faithfulness {@code (m(C) - m(nothing)) / (m(all) - m(nothing))}: 0 for the empty circuit,
 *     1 for the whole model
 * @param completeness the same of the model without the circuit: 1 for the empty circuit, near 0
 *     for one that leaves nothing out
 */
public record CircuitScore(
    int nodes,
    double least,
    double alone,
    double without,
    double faithfulness,
    double completeness) {}
