package org.zlens.engine.plan;

/**
 * An intervention on some prompts, in rows beside each other.
 *
 * @param intervention its number
 * @param rows numbers of the prompts in their chunk
 */
public record Lane(int intervention, int[] rows) {}
