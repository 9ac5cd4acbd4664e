/**
 * Where a number comes from: linear decompositions of feature activations and logits that add up.
 *
 * <p>Everything is read from one clean pass ({@link org.zlens.engine.attribute.CleanRun}) whose
 * attention patterns and norm scales are held fixed. Each result is an {@link
 * org.zlens.engine.attribute.Attribution}: rows with typed parts, the total that they explain, and
 * what is left between their sum and the total; a remainder above rounding is an error.
 *
 * <p>To add an attribution: (1) find the linear functional that reads the number and make it a
 * {@link org.zlens.engine.attribute.Readout} if it reads the residual stream; (2) give every bias,
 * error and constant a row of its own; (3) build the {@code Attribution}, which checks the sum; (4)
 * test it against automatic differentiation, as {@code AutogradTest} does.
 */
package org.zlens.engine.attribute;
