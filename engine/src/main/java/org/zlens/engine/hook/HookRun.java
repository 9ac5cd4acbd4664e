package org.zlens.engine.hook;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/** Hooks at work in one forward pass: applies edits, keeps values, counts what fired. */
public final class HookRun implements HookPoints {
  private final Hooks hooks;
  private final Hooks inForce;
  private final Map<Location, Tensor> kept = new LinkedHashMap<>();
  private final Map<Location, JointChange.Left> joint = new LinkedHashMap<>();
  private final List<Tensor> edited = new ArrayList<>();
  private final List<Firing> firings = new ArrayList<>();
  private final double slack;

  /**
   * A pass that has not begun.
   *
   * @param inForce edits that are made before those of the hooks; they need not fire
   */
  public HookRun(List<Edit> inForce, Hooks hooks) {
    this(inForce, hooks, 0);
  }

  /**
   * A pass beside another, in which equal values differ by how they were rounded.
   *
   * @param slack changes up to this share of the largest number of a vector are none
   */
  public HookRun(List<Edit> inForce, Hooks hooks, double slack) {
    this.hooks = hooks;
    this.inForce = Hooks.none().edit(inForce);
    this.slack = slack;
  }

  @Override
  public boolean observes(Site site, int layer) {
    return hooks.observes(Location.of(site, layer)) || edits(site, layer);
  }

  @Override
  public boolean edits(Site site, int layer) {
    return edits(Location.of(site, layer));
  }

  @Override
  public boolean edits(Site site) {
    return edits(Location.of(site));
  }

  boolean edits(Location location) {
    return hooks.edits(location) || inForce.edits(location);
  }

  boolean captures(Location location) {
    return hooks.captures(location);
  }

  @Override
  public Tensor at(Site site, int layer, Tensor values) {
    return at(Location.of(site, layer), values);
  }

  @Override
  public Tensor at(Site site, Tensor values) {
    return at(Location.of(site), values);
  }

  Tensor at(Location location, Tensor values) {
    Tensor current = values;
    if (edits(location)) {
      Meeting meeting = new Meeting(values);
      inForce.edits().stream().filter(e -> e.location().equals(location)).forEach(meeting::make);
      hooks.edits().stream().filter(e -> e.location().equals(location)).forEach(meeting::make);
      current = meeting.current;
      edited.add(values);
      edited.add(current);
      if (meeting.open != null && hooks.captures(location)) {
        joint.put(location, new JointChange.Left(meeting.came, meeting.open));
      }
    }
    if (hooks.captures(location)) {
      kept.put(location, current);
    }
    return current;
  }

  @Override
  public void keepIn(Scope scope) {
    keepCaptured(scope);
    // Whoever edits may hold on to what came and what went, for gradients among others.
    edited.forEach(scope::keep);
  }

  void keepCaptured(Scope scope) {
    kept.values().forEach(scope::keep);
    joint.values().forEach(left -> scope.keep(left.came()));
  }

  /** The edits that meet at a location, one after the other. */
  private final class Meeting {
    private Tensor current;
    private Tensor came;
    private JointChange open;

    private Meeting(Tensor values) {
      current = values;
    }

    private void make(Edit edit) {
      Tensor before = current;
      Optional<JointChange> both = open == null ? Optional.empty() : open.and(edit.change());
      if (both.isPresent()) {
        open = both.get();
        current = open.apply(came);
      } else {
        came = before;
        open = edit.change() instanceof JointChange first ? first : null;
        current = edit.change().apply(before);
      }
      fired(edit, before, current, both.isEmpty());
    }
  }

  private void fired(Edit edit, Tensor before, Tensor after, boolean alone) {
    if (!Arrays.equals(before.shape(), after.shape())) {
      throw new ZlensException(
          Kind.TYPE,
          said(edit)
              + " gave shape "
              + Arrays.toString(after.shape())
              + " where "
              + Arrays.toString(before.shape())
              + " was expected",
          null);
    }
    Claim.Change change =
        before == after ? Claim.Change.NONE : edit.claim().change(before, after, slack);
    if (change.lost() > 0) {
      throw new ZlensException(
          Kind.RUNTIME,
          said(edit) + " gave " + change.lost() + " values that are not finite",
          "a scale of zero divides by zero; numbers beyond 1e38 overflow");
    }
    // What edits left that act as one is worked out anew for all of them, and rounds differently.
    if (change.outside() > 0 && alone) {
      throw new ZlensException(
          Kind.RUNTIME,
          said(edit) + " changed values at " + change.outside() + " places that it does not name",
          null);
    }
    if (change.distance() == 0 && edit.effect() == Edit.Effect.MUST_CHANGE) {
      throw new ZlensException(Kind.RUNTIME, said(edit) + " changed nothing", null);
    }
    int claimed = edit.claim().size(before);
    firings.add(new Firing(edit, change.distance(), change.inside(), claimed));
  }

  private static String said(Edit edit) {
    String at = edit.location().shortName();
    return edit.name().contains(at) ? edit.name() : edit.name() + " at " + at;
  }

  /** What fired so far, edits in force among it. */
  List<Firing> firings() {
    return List.copyOf(firings);
  }

  /** The result of the pass; an edit that did not fire is an error. */
  public Activations finish(Tensor logits) {
    requireFired();
    return new Activations(kept, joint, logits, inForce.edits(), firings);
  }

  void requireFired() {
    for (Edit edit : hooks.edits()) {
      long fired = firings.stream().filter(firing -> firing.edit() == edit).count();
      if (fired == 0) {
        throw new ZlensException(
            Kind.RUNTIME,
            said(edit) + " never fired",
            "the forward pass did not reach the location");
      }
      if (fired > 1) {
        throw new ZlensException(
            Kind.RUNTIME, said(edit) + " fired " + fired + " times where once was expected", null);
      }
    }
  }
}
