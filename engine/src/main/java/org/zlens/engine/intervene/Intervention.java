package org.zlens.engine.intervene;

import java.util.List;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Location;

/** Something to change in a forward pass, as a value that any model and batch can be given. */
public sealed interface Intervention
    permits ErrorAblation, FeatureAblation, HeadAblation, Patch, SiteAblation, Splice {

  /** What it does, for tables and messages, for example {@code ablate L5.F7515}. */
  String name();

  /** Locations whose clean values {@link #edits} wants to see. */
  default List<Location> reads() {
    return List.of();
  }

  /**
   * The edits that do it, with promises to change something where it must act.
   *
   * @param clean the clean pass with the values at {@link #reads}
   * @param batch the prompts that the edited pass will run
   */
  default List<Edit> edits(Activations clean, Batch batch) {
    return edits(clean, batch, Edit.Effect.MUST_CHANGE);
  }

  /**
   * The edits that do it.
   *
   * @param clean the clean pass with the values at {@link #reads}
   * @param batch the prompts that the edited pass will run
   * @param owed what an edit owes that must act; one that need not may find nothing to change, such
   *     as a feature that is not active in these prompts
   */
  List<Edit> edits(Activations clean, Batch batch, Edit.Effect owed);
}
