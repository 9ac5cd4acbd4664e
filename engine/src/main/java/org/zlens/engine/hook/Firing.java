package org.zlens.engine.hook;

/**
 * That an edit ran in a forward pass, and how much it did.
 *
 * @param change Euclidean norm of the difference that it made
 */
public record Firing(Edit edit, double change) {}
