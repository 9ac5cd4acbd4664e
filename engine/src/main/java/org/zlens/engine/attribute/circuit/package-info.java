/**
 * Circuits of features (sparse feature circuits, Marks et al. 2024): which features and errors of
 * some SAEs a metric hangs on, what they add to each other on the way to it, and how much of it
 * they are when everything else is taken away.
 *
 * <p>{@link org.zlens.engine.attribute.circuit.CircuitEffects} estimates nodes and edges from
 * gradients; {@link org.zlens.engine.attribute.circuit.CircuitScores} runs the model with a circuit
 * alone, and without it.
 */
package org.zlens.engine.attribute.circuit;
