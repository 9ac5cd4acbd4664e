package org.zlens.engine.hook;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.model.ModelConfig;

/**
 * What a forward pass keeps and what it changes on its way; an immutable value.
 *
 * <p>Every location is checked against the model before anything runs, and every edit must have run
 * once the pass is over: an edit that never fires is an error, not a clean run.
 */
public final class Hooks {
  private static final Hooks NONE = new Hooks(Set.of(), List.of(), true);

  private final Set<Location> captured;
  private final List<Edit> edits;
  private final boolean logits;

  private Hooks(Set<Location> captured, List<Edit> edits, boolean logits) {
    this.captured = captured;
    this.edits = edits;
    this.logits = logits;
  }

  /** Nothing kept but the logits, nothing changed. */
  public static Hooks none() {
    return NONE;
  }

  /** These hooks, keeping the values at the locations too. */
  public Hooks capture(Location... locations) {
    Set<Location> all = new LinkedHashSet<>(captured);
    all.addAll(Arrays.asList(locations));
    return new Hooks(all, edits, logits);
  }

  /** These hooks, keeping every site that fires by default, as TransformerLens's cache does. */
  public Hooks captureAll(ModelConfig config) {
    return capture(
        config.locations().stream().filter(at -> !at.site().onDemand()).toArray(Location[]::new));
  }

  /** These hooks with one more edit; edits at one location run in the order they were added. */
  public Hooks edit(Edit edit) {
    List<Edit> all = new ArrayList<>(edits);
    all.add(edit);
    return new Hooks(captured, List.copyOf(all), logits);
  }

  /** These hooks with more edits. */
  public Hooks edit(List<Edit> more) {
    List<Edit> all = new ArrayList<>(edits);
    all.addAll(more);
    return new Hooks(captured, List.copyOf(all), logits);
  }

  /** These hooks without the logits: the pass ends once the last captured location is reached. */
  public Hooks withoutLogits() {
    return new Hooks(captured, edits, false);
  }

  /** The locations that are kept. */
  public Set<Location> captured() {
    return Collections.unmodifiableSet(captured);
  }

  /** Whether the logits are wanted. */
  public boolean logits() {
    return logits;
  }

  /** The edits in the order they were added. */
  public List<Edit> edits() {
    return edits;
  }

  /** Whether a location is kept or changed. */
  public boolean observes(Location location) {
    return captures(location) || edits(location);
  }

  boolean captures(Location location) {
    return captured.contains(location);
  }

  /** Whether a location is changed. */
  public boolean edits(Location location) {
    for (Edit edit : edits) {
      if (edit.location().equals(location)) {
        return true;
      }
    }
    return false;
  }

  /** The last block that has anything to keep or change; -1 if none. */
  public int lastLayer() {
    int last = -1;
    for (Location at : captured) {
      last = Math.max(last, at.site().ordinal() > Site.RESID_POST.ordinal() ? 1 << 20 : at.layer());
    }
    for (Edit edit : edits) {
      last = Math.max(last, edit.location().layer());
    }
    return last;
  }

  /** Refuses locations that the model lacks. */
  public void requireIn(ModelConfig config) {
    captured.forEach(location -> requireIn(config, location));
    edits.forEach(edit -> requireIn(config, edit.location()));
  }

  private static void requireIn(ModelConfig config, Location location) {
    if (location.layer() >= config.layers()) {
      throw new ZlensException(
          Kind.NAME,
          "no layer " + location.layer() + " in this model: '" + location.shortName() + "'",
          "layers run from L0 to L" + (config.layers() - 1));
    }
    if (!config.has(location.site())) {
      throw new ZlensException(
          Kind.NAME,
          "this model has no site '" + location.shortName() + "'",
          "type 'sites' for those that it has");
    }
  }
}
