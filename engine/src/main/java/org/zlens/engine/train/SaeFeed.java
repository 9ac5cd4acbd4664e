package org.zlens.engine.train;

import org.zlens.engine.data.TokenRows;

/**
 * What SAEs are trained on.
 *
 * @param text rows of tokens
 * @param rowsAtOnce rows of a forward pass
 * @param bufferVectors vectors of each site that are shuffled together
 * @param seed of the shuffles
 */
public record SaeFeed(TokenRows text, int rowsAtOnce, int bufferVectors, long seed) {}
