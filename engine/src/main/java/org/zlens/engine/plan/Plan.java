package org.zlens.engine.plan;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.zlens.engine.hook.Location;

/**
 * The work for interventions on prompts: chunk by chunk a clean run, and beside it passes that the
 * interventions share.
 *
 * @param chunks prompts whose clean run is kept at a time
 * @param kept what the clean run keeps
 * @param plainly numbers of the interventions that no pass beside a clean run can try; each takes a
 *     pass over all prompts
 * @param pairs interventions times prompts
 * @param tried pairs that run; in the others nothing can change
 * @param columns how many tokens' logits are read at a place; 0 for those of all
 * @param cost of all passes
 * @param bytes most memory at a time, model and SAEs apart
 */
public record Plan(
    List<Chunk> chunks,
    Set<Location> kept,
    List<Integer> plainly,
    long pairs,
    long tried,
    int columns,
    Cost cost,
    long bytes) {
  /** Keeps the lists from changing. */
  public Plan {
    chunks = List.copyOf(chunks);
    kept = Set.copyOf(kept);
    plainly = List.copyOf(plainly);
  }

  /** All passes beside clean runs. */
  public List<Round> rounds() {
    return chunks.stream().map(Chunk::rounds).flatMap(Collection::stream).toList();
  }
}
