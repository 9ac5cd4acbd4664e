package org.zlens.engine.intervene;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Location;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/**
 * Activations of features replaced by means, by those of other places or by clean ones, with the
 * SAE's error term kept.
 *
 * @param rule which; a source of values holds those of the SAE's site
 */
public record FeatureReplacement(Sae sae, List<Integer> features, Replacement rule, Where where)
    implements Intervention {
  /** Checks that there are features and that the SAE has them. */
  public FeatureReplacement {
    features = List.copyOf(features);
    if (features.isEmpty()) {
      throw new IllegalArgumentException("no features to replace");
    }
    features.forEach(sae::requireFeature);
  }

  @Override
  public String name() {
    return rule.describe(features.stream().map(sae::address).collect(Collectors.joining(", ")));
  }

  @Override
  public List<Location> reads() {
    return rule.readsClean() ? List.of(sae.location()) : List.of();
  }

  @Override
  public List<Touch> touches() {
    return List.of(new Touch(sae.location(), where));
  }

  @Override
  public boolean windowed() {
    return true;
  }

  @Override
  public List<Edit> edits(Activations clean, Batch batch, Edit.Effect owed) {
    Cells cells = where.in(batch).listed(batch);
    if (cells.isNone()) {
      // Whoever numbers the edits of several interventions counts on one of each.
      return List.of(
          new Edit(
              sae.location(),
              name(),
              Edit.Effect.MAY_CHANGE,
              values -> values,
              cells.claim(sae.location().site())));
    }
    int[] indices = features.stream().mapToInt(Integer::intValue).toArray();
    Tensor acts = sae.encode(rule.pass(clean, sae.location()), indices);
    Tensor chosen = rule.counterparts().values(acts, cells, batch);
    List<FeatureEdit> edits = new ArrayList<>();
    for (int i = 0; i < indices.length; i++) {
      CellNumbers each = new CellNumbers(cells, chosen.select(-1, i).floats());
      edits.add(FeatureEdit.replace(indices[i], each, where));
    }
    Splice splice = new Splice(sae, true, edits, Optional.empty());
    return List.of(splice.edit(name(), rule.owes(owed), batch));
  }
}
