package org.zlens.engine.intervene;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.sae.Sae;

/**
 * An SAE in the place of the values at its site, with its activations edited (paper-spec A.2).
 *
 * <p>With its error term the site keeps its values but for what the edits change: {@code x + (f' -
 * f) W_dec}, so that no edit means no change at all, and only the edited features are ever encoded.
 * Without it the values become the reconstruction.
 *
 * @param keepsError whether what the reconstruction misses is added back
 * @param edits changes of activations, each feature at most once
 * @param error what becomes of the error term at some places, if it is kept elsewhere
 */
public record Splice(
    Sae sae, boolean keepsError, List<FeatureEdit> edits, Optional<ErrorChange> error)
    implements Intervention {

  /** Checks that features exist, are edited once, and that an error to be zeroed is there. */
  public Splice {
    edits = List.copyOf(edits);
    Set<Integer> seen = new HashSet<>();
    for (FeatureEdit edit : edits) {
      sae.requireFeature(edit.feature());
      if (!seen.add(edit.feature())) {
        throw new ZlensException(
            Kind.USAGE, sae.address(edit.feature()) + " is edited twice in one splice", null);
      }
    }
    if (error.isPresent() && !keepsError) {
      throw new ZlensException(
          Kind.USAGE, "no error term can be changed in a splice that leaves it out", null);
    }
  }

  /** The reconstruction and the error, so that nothing changes until something is edited. */
  public static Splice withError(Sae sae) {
    return new Splice(sae, true, List.of(), Optional.empty());
  }

  /** The reconstruction alone. */
  public static Splice withoutError(Sae sae) {
    return new Splice(sae, false, List.of(), Optional.empty());
  }

  /** This splice with one more change of an activation. */
  public Splice edit(FeatureEdit edit) {
    List<FeatureEdit> all = new ArrayList<>(edits);
    all.add(edit);
    return new Splice(sae, keepsError, all, error);
  }

  /** This splice without the error term at some places. */
  public Splice zeroError(Where where) {
    return new Splice(sae, keepsError, edits, Optional.of(ErrorChange.zero(where)));
  }

  @Override
  public String name() {
    String changes =
        edits.stream()
            .map(edit -> edit.describe(sae.address(edit.feature())))
            .collect(Collectors.joining(", "));
    boolean losesError = !keepsError || error.filter(ErrorChange::isZero).isPresent();
    if (!losesError && !changes.isEmpty()) {
      return changes;
    }
    return "splice "
        + sae.location().shortName()
        + (losesError ? " without error" : "")
        + (changes.isEmpty() ? "" : ": " + changes);
  }

  @Override
  public List<Touch> touches() {
    List<Where> places = new ArrayList<>();
    edits.forEach(edit -> places.add(edit.where()));
    error.map(ErrorChange::where).ifPresent(places::add);
    if (!keepsError) {
      places.add(Where.everywhere());
    }
    return places.stream().map(where -> new Touch(sae.location(), where)).toList();
  }

  @Override
  public boolean windowed() {
    return true;
  }

  @Override
  public List<FeatureAt> mustBeActive() {
    return edits.stream()
        .filter(FeatureEdit::needsActivity)
        .map(edit -> new FeatureAt(sae, edit.feature(), edit.where()))
        .toList();
  }

  @Override
  public List<FeatureAt> idleWithout() {
    boolean always = !keepsError || error.isPresent();
    List<FeatureAt> needed = mustBeActive();
    return always || needed.size() < edits.size() ? List.of() : needed;
  }

  @Override
  public List<Edit> edits(Activations clean, Batch batch, Edit.Effect owed) {
    boolean acts = !edits.isEmpty() || !keepsError || error.isPresent();
    return List.of(edit(name(), acts ? owed : Edit.Effect.MAY_CHANGE, batch));
  }

  /** The edit under another name. */
  Edit edit(String name, Edit.Effect effect, Batch batch) {
    List<Cells> places =
        touches().stream()
            .map(Touch::where)
            .distinct()
            .map(where -> where.in(batch).listed(batch))
            .toList();
    return new Edit(
        sae.location(),
        name,
        effect,
        SpliceChange.of(this, effect, batch),
        Cells.union(places).claim(sae.location().site()));
  }
}
