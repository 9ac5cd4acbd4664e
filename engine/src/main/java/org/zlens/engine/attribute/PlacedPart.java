package org.zlens.engine.attribute;

/**
 * What rows of different prompts have in common that are one: the part, and the place that their
 * positions share.
 *
 * @param place -1 if the part stands nowhere
 */
record PlacedPart(Part part, int layer, int index, int place) {}
