package org.zlens.engine.intervene;

import java.util.List;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Location;

/** Something to change in a forward pass, as a value that any model and batch can be given. */
public sealed interface Intervention
    permits CircuitAblation,
        ErrorAblation,
        ErrorEdit,
        FeatureAblation,
        FeatureReplacement,
        HeadAblation,
        SiteEdit,
        Splice,
        Together {

  /** What it does, for tables and messages, for example {@code ablate L5.F7515}. */
  String name();

  /**
   * What the edits may change at their own locations, so that the least work can be derived. It
   * must name every location that {@link #edits} edits, and every place.
   */
  List<Touch> touches();

  /**
   * Whether the edits find their places in a window of the prompts ({@link Batch#isWindow}), whose
   * rows may be any of them in any order. One that does not say so runs on whole batches alone.
   */
  default boolean windowed() {
    return false;
  }

  /** Features that must each be active at one of its places at least, in some prompt. */
  default List<FeatureAt> mustBeActive() {
    return List.of();
  }

  /**
   * Features without which this does nothing: in a prompt where none of them is active at its
   * places, the intervention alone changes nothing. Empty if it may act anywhere.
   */
  default List<FeatureAt> idleWithout() {
    return List.of();
  }

  /** Locations whose clean values {@link #edits} wants to see. */
  default List<Location> reads() {
    return List.of();
  }

  /**
   * The edits that do it, with promises to change something where it must act.
   *
   * @param clean the clean pass of all prompts with the values at {@link #reads}
   * @param batch the prompts, or the window of them, that the edited pass will run
   */
  default List<Edit> edits(Activations clean, Batch batch) {
    return edits(clean, batch, Edit.Effect.MUST_CHANGE);
  }

  /**
   * The edits that do it.
   *
   * @param clean the clean pass of all prompts with the values at {@link #reads}
   * @param batch the prompts, or the window of them, that the edited pass will run
   * @param owed what an edit owes that must act; one that need not may find nothing to change, such
   *     as a feature that is not active in these prompts
   */
  List<Edit> edits(Activations clean, Batch batch, Edit.Effect owed);
}
