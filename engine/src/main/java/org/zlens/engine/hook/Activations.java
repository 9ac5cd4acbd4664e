package org.zlens.engine.hook;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * What a forward pass kept, its logits and what fired. The tensors belong to the scope it ran in.
 */
public final class Activations {
  private final Map<Location, Tensor> kept;
  private final Map<Location, JointChange.Left> joint;
  private final Tensor logits;
  private final List<Edit> inForce;
  private final List<Firing> firings;

  Activations(
      Map<Location, Tensor> kept,
      Map<Location, JointChange.Left> joint,
      Tensor logits,
      List<Edit> inForce,
      List<Firing> firings) {
    this.kept = kept;
    this.joint = joint;
    this.logits = logits;
    this.inForce = List.copyOf(inForce);
    this.firings = List.copyOf(firings);
  }

  /** Values that several passes kept, as those of one without logits or edits. */
  public static Activations of(Map<Location, Tensor> kept) {
    return new Activations(new LinkedHashMap<>(kept), Map.of(), null, List.of(), List.of());
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

  /**
   * What the last edits at a location left that was captured, if they are of a kind that acts as
   * one: {@link #get} then is what they made of it.
   */
  public Optional<JointChange.Left> joint(Location location) {
    return Optional.ofNullable(joint.get(location));
  }

  /** Has what joint edits saw of the captured locations outlive a scope, as its values do. */
  public void keepJointIn(Scope scope) {
    joint.values().forEach(left -> scope.keep(left.came()));
  }

  /** The edits that were in force on the model, whether the pass reached them or not. */
  public List<Edit> inForce() {
    return inForce;
  }

  /** The edits that ran, in order, those in force first, and how much each changed. */
  public List<Firing> firings() {
    return firings;
  }
}
