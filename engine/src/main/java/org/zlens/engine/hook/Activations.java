package org.zlens.engine.hook;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.zlens.engine.runtime.Tensor;

/**
 * What a forward pass kept, its logits and what fired. The tensors belong to the scope it ran in.
 */
public final class Activations {
  private final Map<Location, Tensor> kept;
  private final Tensor logits;
  private final List<Firing> firings;

  Activations(Map<Location, Tensor> kept, Tensor logits, List<Firing> firings) {
    this.kept = kept;
    this.logits = logits;
    this.firings = List.copyOf(firings);
  }

  /** The values at a location that was captured, after its edits. */
  public Tensor get(Location location) {
    Tensor values = kept.get(location);
    if (values == null) {
      throw new IllegalArgumentException(location + " was not captured");
    }
    return values;
  }

  /** The values at a site of a block that was captured, after its edits. */
  public Tensor get(Site site, int layer) {
    return get(Location.of(site, layer));
  }

  /** Locations captured, in the order of the forward pass. */
  public Set<Location> locations() {
    return Collections.unmodifiableSet(kept.keySet());
  }

  /** Logits {@code [batch, pos, d_vocab]}. */
  public Tensor logits() {
    if (logits == null) {
      throw new IllegalStateException("the pass ended before the logits, as it was asked to");
    }
    return logits;
  }

  /** The edits that ran, in order, and how much each changed. */
  public List<Firing> firings() {
    return firings;
  }
}
