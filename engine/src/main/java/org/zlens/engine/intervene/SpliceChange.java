package org.zlens.engine.intervene;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.JointChange;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.ActiveFeatures;
import org.zlens.engine.sae.Sae;

/**
 * What splices of one SAE do at its site: the SAE stands there once, so all of them edit the same
 * activations, those of the values as they came. A feature that several of them edit has the edits
 * made one after the other.
 */
final class SpliceChange implements JointChange {
  private final Sae sae;
  private final List<Part> parts;

  /**
   * One splice.
   *
   * @param owed whether features that must be active to be edited have to be
   */
  private record Part(Splice splice, boolean owed, Batch batch) {}

  /** The edit of a feature by one of the splices. */
  private record Step(FeatureEdit edit, Part part) {
    private boolean needsActivity() {
      return part.owed && edit.needsActivity();
    }

    private Cells cells() {
      return edit.where().in(part.batch);
    }
  }

  private SpliceChange(Sae sae, List<Part> parts) {
    this.sae = sae;
    this.parts = List.copyOf(parts);
  }

  static SpliceChange of(Splice splice, Edit.Effect owed, Batch batch) {
    return new SpliceChange(
        splice.sae(), List.of(new Part(splice, owed == Edit.Effect.MUST_CHANGE, batch)));
  }

  Sae sae() {
    return sae;
  }

  @Override
  public Optional<JointChange> and(Edit.Change later) {
    if (!(later instanceof SpliceChange other) || other.sae != sae) {
      return Optional.empty();
    }
    // What earlier ones owe was seen to when they were made alone.
    List<Part> both = new ArrayList<>();
    parts.forEach(part -> both.add(new Part(part.splice, false, part.batch)));
    both.addAll(other.parts);
    return Optional.of(new SpliceChange(sae, both));
  }

  @Override
  public Tensor apply(Tensor came) {
    Tensor result = came;
    for (Part part : parts) {
      Optional<ErrorChange> error =
          part.splice.keepsError()
              ? part.splice.error()
              : Optional.of(ErrorChange.zero(Where.everywhere()));
      if (error.isPresent()) {
        result = error.get().put(sae, result, came, part.batch);
      }
    }
    Map<Integer, List<Step>> byFeature = new LinkedHashMap<>();
    steps()
        .forEach(s -> byFeature.computeIfAbsent(s.edit.feature(), f -> new ArrayList<>()).add(s));
    result = once(result, came, byFeature);
    for (List<Step> several : byFeature.values()) {
      if (several.size() > 1) {
        result = several(result, came, several);
      }
    }
    return result;
  }

  private Stream<Step> steps() {
    return parts.stream()
        .flatMap(part -> part.splice.edits().stream().map(edit -> new Step(edit, part)));
  }

  /** The features that are edited once, those at the same places together. */
  private Tensor once(Tensor values, Tensor came, Map<Integer, List<Step>> byFeature) {
    List<Step> steps =
        byFeature.values().stream().filter(s -> s.size() == 1).map(s -> s.get(0)).toList();
    Set<Where> places =
        steps.stream()
            .map(step -> step.edit.where())
            .collect(Collectors.toCollection(LinkedHashSet::new));
    Tensor result = values;
    for (Where where : places) {
      List<Step> group = steps.stream().filter(step -> step.edit.where() == where).toList();
      Cells cells = group.get(0).cells();
      if (!cells.isNone()) {
        result = cells.put(result, cells.take(result).add(change(cells.take(came), group)));
      }
    }
    return result;
  }

  /** What edits add to vectors: {@code (f' - f) W_dec} over their features. */
  private Tensor change(Tensor vectors, List<Step> group) {
    int[] features = group.stream().mapToInt(step -> step.edit.feature()).toArray();
    Tensor before = sae.encode(vectors, features);
    List<Tensor> columns = new ArrayList<>();
    for (int i = 0; i < features.length; i++) {
      Tensor acts = before.select(-1, i);
      if (group.get(i).needsActivity() && acts.max().item() <= 0) {
        throw ActiveFeatures.inactive(sae, features[i], vectors);
      }
      columns.add(group.get(i).edit.apply(acts));
    }
    Tensor difference = Tensor.stack(columns, -1).sub(before);
    return sae.decodeChange(difference, vectors, features).reshape(vectors.shape());
  }

  /** One feature that is edited more than once, perhaps at different places. */
  private Tensor several(Tensor values, Tensor came, List<Step> steps) {
    int feature = steps.get(0).edit.feature();
    Cells cells = union(steps);
    if (cells.isNone()) {
      return values;
    }
    Tensor vectors = cells.take(came);
    float[] before = sae.encode(vectors, feature).floats();
    float[] after = before.clone();
    for (Step step : steps) {
      boolean[] here = step.edit.where().among(cells, step.part.batch);
      boolean active = false;
      for (int i = 0; i < after.length; i++) {
        if (here[i]) {
          active |= after[i] > 0;
          after[i] = (float) step.edit.apply(after[i], cells.row()[i], cells.position()[i]);
        }
      }
      if (step.needsActivity() && !active) {
        throw new ZlensException(
            Kind.RUNTIME,
            sae.address(feature) + " is zero already at all of the positions",
            "an edit in force has made it so, or it is not active there");
      }
    }
    for (int i = 0; i < after.length; i++) {
      after[i] -= before[i];
    }
    Tensor added = sae.decodeChange(Tensor.of(after, after.length, 1), vectors, feature);
    return cells.put(values, cells.take(values).add(added.reshape(vectors.shape())));
  }

  private static Cells union(List<Step> steps) {
    return Cells.union(
        steps.stream().map(step -> step.cells().listed(step.part.batch)).distinct().toList());
  }

  /**
   * The activations at some listed places, edited.
   *
   * @param acts those of the values as they came, {@code [cell, d_sae]} row by row; changed in
   *     place
   */
  void edit(float[] acts, Cells cells) {
    steps()
        .forEach(
            step -> {
              boolean[] here = step.edit.where().among(cells, step.part.batch);
              for (int i = 0; i < here.length; i++) {
                int at = i * sae.features() + step.edit.feature();
                if (here[i]) {
                  acts[at] = (float) step.edit.apply(acts[at], cells.row()[i], cells.position()[i]);
                }
              }
            });
  }

  /** Whether a feature is edited at a place. */
  boolean edits(int feature, Cells place) {
    return steps()
        .anyMatch(
            step ->
                step.edit.feature() == feature
                    && step.edit.where().among(place, step.part.batch)[0]);
  }

  /** Whether the error term is left out at a place. */
  boolean leavesOutError(Cells place) {
    return parts.stream()
        .anyMatch(
            part ->
                !part.splice.keepsError()
                    || part.splice
                        .error()
                        .filter(ErrorChange::isZero)
                        .filter(error -> error.where().among(place, part.batch)[0])
                        .isPresent());
  }
}
