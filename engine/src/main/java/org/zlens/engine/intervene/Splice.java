package org.zlens.engine.intervene;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.ActiveFeatures;
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
 * @param errorZeroed where the error term is left out although it is kept elsewhere
 */
public record Splice(
    Sae sae, boolean keepsError, List<FeatureEdit> edits, Optional<Where> errorZeroed)
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
    if (errorZeroed.isPresent() && !keepsError) {
      throw new ZlensException(
          Kind.USAGE, "no error term can be zeroed in a splice that leaves it out", null);
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
    return new Splice(sae, keepsError, all, errorZeroed);
  }

  /** This splice without the error term at some places. */
  public Splice zeroError(Where where) {
    return new Splice(sae, keepsError, edits, Optional.of(where));
  }

  @Override
  public String name() {
    String changes =
        edits.stream()
            .map(edit -> edit.describe(sae.address(edit.feature())))
            .collect(Collectors.joining(", "));
    String error = errorZeroed.isPresent() ? "zero error" : "";
    String all = changes + (changes.isEmpty() || error.isEmpty() ? "" : ", ") + error;
    return "splice "
        + sae.location().shortName()
        + (keepsError ? "" : " without error")
        + (all.isEmpty() ? "" : ": " + all);
  }

  @Override
  public List<Edit> edits(Activations clean, Batch batch) {
    boolean acts = !edits.isEmpty() || errorZeroed.isPresent();
    return List.of(edit(name(), acts ? Edit.Effect.MUST_CHANGE : Edit.Effect.MAY_CHANGE, batch));
  }

  /** The edit under another name. */
  Edit edit(String name, Edit.Effect effect, Batch batch) {
    return new Edit(sae.location(), name, effect, values -> apply(values, batch));
  }

  private Tensor apply(Tensor values, Batch batch) {
    // Everything that is edited reads the values as they came.
    Tensor result = values;
    if (!keepsError) {
      Cells all = Where.everywhere().in(batch);
      Tensor vectors = all.take(values);
      result = all.put(values, sae.reconstruct(vectors));
    }
    if (errorZeroed.isPresent()) {
      Cells cells = errorZeroed.get().in(batch);
      result = cells.put(result, cells.take(result).sub(sae.error(cells.take(values))));
    }
    Set<Where> places = new LinkedHashSet<>();
    edits.forEach(edit -> places.add(edit.where()));
    for (Where where : places) {
      Cells cells = where.in(batch);
      Tensor vectors = cells.take(values);
      Tensor change =
          change(vectors, edits.stream().filter(edit -> edit.where() == where).toList());
      result = cells.put(result, cells.take(result).add(change));
    }
    return result;
  }

  /** What the edits add to the vectors: {@code (f' - f) W_dec} over the edited features. */
  private Tensor change(Tensor vectors, List<FeatureEdit> group) {
    int[] features = group.stream().mapToInt(FeatureEdit::feature).toArray();
    Tensor before = sae.encode(vectors, features);
    List<Tensor> columns = new ArrayList<>();
    for (int i = 0; i < features.length; i++) {
      Tensor acts = before.select(-1, i);
      if (group.get(i).needsActivity() && acts.max().item() <= 0) {
        throw ActiveFeatures.inactive(sae, features[i], vectors);
      }
      columns.add(group.get(i).apply(acts));
    }
    Tensor difference = Tensor.stack(columns, -1).sub(before);
    return sae.decodeChange(difference, vectors, features).reshape(vectors.shape());
  }
}
