package org.zlens.engine.train;

import java.util.Optional;
import org.zlens.engine.data.TokenRows;

/**
 * What SAEs are trained on.
 *
 * @param text rows of tokens
 * @param rowsAtOnce rows of a forward pass
 * @param bufferVectors vectors of each site that are shuffled together
 * @param seed of the shuffles
 * @param cache where the vectors of passes are kept; it changes no number
 */
public record SaeFeed(
    TokenRows text, int rowsAtOnce, int bufferVectors, long seed, Optional<ActivationCache> cache) {
  /** A feed that computes every pass. */
  public SaeFeed(TokenRows text, int rowsAtOnce, int bufferVectors, long seed) {
    this(text, rowsAtOnce, bufferVectors, seed, Optional.empty());
  }
}
