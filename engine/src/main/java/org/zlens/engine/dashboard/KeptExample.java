package org.zlens.engine.dashboard;

/**
 * A place at which a feature is active, with what is shown of it.
 *
 * @param row number of its row in the text
 * @param position its position there
 * @param activation of the feature
 * @param around activations from {@link KeptPlaces#AROUND} positions before the place to as many
 *     behind it; 0 outside the row and at places that do not count
 * @param source the position that brings most of the activation (paper-spec A.5); -1 where that was
 *     not asked for
 * @param contributions what the positions around the source bring, in the same way; empty without
 */
public record KeptExample(
    long row, int position, float activation, float[] around, int source, float[] contributions) {}
