package org.zlens.engine.intervene;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.sae.Sae;

/**
 * Features set to zero, all together, with the SAE's error term kept (paper-spec D-Fig16a).
 *
 * <p>A feature that is active at none of the places is an error that names those that are.
 *
 * @param features indices in the SAE
 */
public record FeatureAblation(Sae sae, List<Integer> features, Where where)
    implements Intervention {

  /** Checks that there are features and that the SAE has them. */
  public FeatureAblation {
    features = List.copyOf(features);
    if (features.isEmpty()) {
      throw new IllegalArgumentException("no features to ablate");
    }
    features.forEach(sae::requireFeature);
  }

  /** One feature set to zero. */
  public static FeatureAblation of(Sae sae, int feature, Where where) {
    return new FeatureAblation(sae, List.of(feature), where);
  }

  @Override
  public String name() {
    return "ablate "
        + features.stream().map(feature -> sae.address(feature)).collect(Collectors.joining(", "));
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
  public List<FeatureAt> mustBeActive() {
    return idleWithout();
  }

  @Override
  public List<FeatureAt> idleWithout() {
    return features.stream().map(feature -> new FeatureAt(sae, feature, where)).toList();
  }

  @Override
  public List<Edit> edits(Activations clean, Batch batch, Edit.Effect owed) {
    List<FeatureEdit> edits =
        features.stream().map(feature -> FeatureEdit.zero(feature, where)).toList();
    return List.of(new Splice(sae, true, edits, Optional.empty()).edit(name(), owed, batch));
  }
}
