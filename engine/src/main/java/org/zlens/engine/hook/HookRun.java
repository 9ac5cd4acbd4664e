package org.zlens.engine.hook;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Tensor;

/** Hooks at work in one forward pass: applies edits, keeps values, counts what fired. */
public final class HookRun {
  private final Hooks hooks;
  private final Map<Location, Tensor> kept = new LinkedHashMap<>();
  private final List<Firing> firings = new ArrayList<>();

  /** A pass that has not begun. */
  public HookRun(Hooks hooks) {
    this.hooks = hooks;
  }

  /** Whether a location of a block is kept or changed. */
  public boolean observes(Site site, int layer) {
    return hooks.observes(Location.of(site, layer));
  }

  /** Whether a location of a block is changed. */
  public boolean edits(Site site, int layer) {
    return hooks.edits(Location.of(site, layer));
  }

  /** Whether a location outside the blocks is changed. */
  public boolean edits(Site site) {
    return hooks.edits(Location.of(site));
  }

  /** The values of a site in a block to go on with. */
  public Tensor at(Site site, int layer, Tensor values) {
    return at(Location.of(site, layer), values);
  }

  /** The values of a site outside the blocks to go on with. */
  public Tensor at(Site site, Tensor values) {
    return at(Location.of(site), values);
  }

  private Tensor at(Location location, Tensor values) {
    Tensor current = values;
    for (Edit edit : hooks.edits()) {
      if (edit.location().equals(location)) {
        current = apply(edit, current);
      }
    }
    if (hooks.captures(location)) {
      kept.put(location, current);
    }
    return current;
  }

  private Tensor apply(Edit edit, Tensor before) {
    Tensor after = edit.change().apply(before);
    if (!Arrays.equals(before.shape(), after.shape())) {
      throw new ZlensException(
          Kind.TYPE,
          edit.name()
              + " at "
              + edit.location().shortName()
              + " gave shape "
              + Arrays.toString(after.shape())
              + " where "
              + Arrays.toString(before.shape())
              + " was expected",
          null);
    }
    double change = change(before, after);
    if (change == 0 && edit.effect() == Edit.Effect.MUST_CHANGE) {
      throw new ZlensException(
          Kind.RUNTIME,
          edit.name() + " at " + edit.location().shortName() + " changed nothing",
          null);
    }
    firings.add(new Firing(edit, change));
    return after;
  }

  private static double change(Tensor before, Tensor after) {
    if (before == after) {
      return 0;
    }
    return Kernels.call("distance", before, after).item();
  }

  /** The result of the pass; an edit that did not fire is an error. */
  public Activations finish(Tensor logits) {
    for (Edit edit : hooks.edits()) {
      if (firings.stream().noneMatch(firing -> firing.edit() == edit)) {
        throw new ZlensException(
            Kind.RUNTIME,
            edit.name() + " at " + edit.location().shortName() + " never fired",
            "the forward pass did not reach the location");
      }
    }
    return new Activations(kept, logits, firings);
  }
}
