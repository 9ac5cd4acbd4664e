package org.zlens.engine.hook;

/**
 * That an edit ran in a forward pass, and how much it did.
 *
 * @param change Euclidean norm of the difference that it made
 * @param places how many of the places that it claims differ after it
 * @param claimed how many places it claims
 */
public record Firing(Edit edit, double change, int places, int claimed) {}
