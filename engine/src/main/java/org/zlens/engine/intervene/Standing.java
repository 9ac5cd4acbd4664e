package org.zlens.engine.intervene;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Firing;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.InForce;
import org.zlens.engine.hook.Location;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/**
 * Interventions in force on some prompts, step after step: to each step, the model as the steps
 * before it leave it is the clean one.
 *
 * <p>A pass that finds nothing to change, such as a feature that is not active in its prompts, is
 * no error here; the listener hears how much each step did. A pass over other tokens than those
 * that were admitted is one, since nobody knows where in them the edits belong.
 */
public final class Standing implements InForce {
  private final Transformer model;
  private final List<List<Intervention>> steps;
  private final Listener listener;
  private final List<Activations> clean = new ArrayList<>();
  private final Map<Tensor, Batch> admitted = new IdentityHashMap<>();
  private final Map<Edit, Integer> made = new IdentityHashMap<>();

  /** Hears what the steps do. */
  @FunctionalInterface
  public interface Listener {
    /**
     * An edit of a step ran in a pass.
     *
     * @param step its number, from 0
     * @param change Euclidean norm of the difference that it made
     */
    void ran(int step, double change);
  }

  /**
   * Puts interventions in force. Where a step reads clean values, such as means, the model runs on
   * all prompts; those values belong to the open scope.
   *
   * @param model the model without them
   * @param all the prompts, which are admitted
   */
  public Standing(
      Transformer model,
      Batch all,
      List<? extends List<? extends Intervention>> steps,
      Listener listener) {
    this.model = model;
    this.steps = steps.stream().map(List::<Intervention>copyOf).toList();
    this.listener = listener;
    admit(all);
    for (int step = 0; step < steps.size(); step++) {
      clean.add(read(all, step));
    }
  }

  private Activations read(Batch all, int step) {
    Location[] reads =
        steps.get(step).stream()
            .flatMap(intervention -> intervention.reads().stream())
            .distinct()
            .toArray(Location[]::new);
    if (reads.length == 0) {
      return null;
    }
    try (Scope scope = Scope.open()) {
      List<Edit> before = edits(all, step);
      Activations pass =
          model
              .under(tokens -> before)
              .forward(all.tokens(), Hooks.none().capture(reads).withoutLogits());
      pass.locations().forEach(location -> scope.keep(pass.get(location)));
      return pass;
    }
  }

  /** The model under them. */
  public Transformer model() {
    return model.under(this);
  }

  /** Lets passes run these tokens too, which are part of the prompts or all of them. */
  public Batch admit(Batch batch) {
    admitted.put(batch.tokens(), batch);
    return batch;
  }

  /** Whether a step reads clean values, which are laid out as all prompts together are. */
  public boolean readsClean() {
    return clean.stream().anyMatch(pass -> pass != null);
  }

  @Override
  public List<Edit> edits(Tensor tokens) {
    Batch batch = admitted.get(tokens);
    if (batch == null) {
      throw new ZlensException(
          Kind.RUNTIME,
          "this runs other tokens than the prompts, in which the edits in force have no place",
          "run it outside the 'with' block");
    }
    made.clear();
    return edits(batch, steps.size());
  }

  /** Whether a step puts an SAE in the place of the values at its site. */
  public boolean puts(Sae sae) {
    return ofSaes().anyMatch(at -> at.equals(sae.location()));
  }

  /** Whether several put an SAE at one site, where they act as one. */
  public boolean meetInAnSae() {
    return ofSaes().distinct().count() < ofSaes().count();
  }

  private Stream<Location> ofSaes() {
    return steps.stream()
        .flatMap(List::stream)
        .filter(one -> !(one instanceof SiteEdit || one instanceof HeadAblation))
        .map(one -> one.touches().get(0).location());
  }

  /** What all steps touch. */
  public List<Touch> touches() {
    return steps.stream()
        .flatMap(List::stream)
        .flatMap(intervention -> intervention.touches().stream())
        .toList();
  }

  /** Whether all steps find their places in windows. */
  public boolean windowed() {
    return steps.stream().flatMap(List::stream).allMatch(Intervention::windowed);
  }

  /**
   * The edit of a step in a window.
   *
   * @param step its number, from 0
   */
  public record WindowEdit(int step, Edit edit) {}

  /** The edits for a window of the prompts; those that touch nothing in it are left out. */
  public List<WindowEdit> windowEdits(Batch window) {
    List<WindowEdit> all = new ArrayList<>();
    for (int step = 0; step < steps.size(); step++) {
      for (Intervention intervention : steps.get(step)) {
        boolean here =
            intervention.touches().stream().anyMatch(t -> !t.where().in(window).isNone());
        if (here) {
          for (Edit edit : intervention.edits(clean.get(step), window, Edit.Effect.MAY_CHANGE)) {
            all.add(new WindowEdit(step, edit));
          }
        }
      }
    }
    return all;
  }

  private List<Edit> edits(Batch batch, int count) {
    List<Edit> all = new ArrayList<>();
    for (int step = 0; step < count; step++) {
      for (Intervention intervention : steps.get(step)) {
        for (Edit edit : intervention.edits(clean.get(step), batch, Edit.Effect.MAY_CHANGE)) {
          made.put(edit, step);
          all.add(edit);
        }
      }
    }
    return all;
  }

  /** Hears what the edit of a step changed in a window. */
  public void ran(int step, double change) {
    listener.ran(step, change);
  }

  @Override
  public void ran(List<Firing> firings) {
    firings.forEach(firing -> listener.ran(made.get(firing.edit()), firing.change()));
  }
}
