package org.zlens.engine.attribute;

import java.util.Optional;
import org.zlens.engine.hook.Location;
import org.zlens.engine.runtime.Tensor;

/**
 * A number of a pass that parts of the residual stream add to, as a function of one vector of the
 * pass: it can be read in any pass that kept the vector, such as one in which a part is missing.
 */
public sealed interface PassNumber
    permits AttentionFeatureNumber,
        HeadNumber,
        LogitNumber,
        ResidualFeatureNumber,
        TranscoderFeatureNumber {
  /** The site of the vector. */
  Location location();

  /** Its position. */
  int position();

  /**
   * Where the stream is that the layer of the number reads: what is taken away there does not get
   * to the number by any other layer. The same as {@link #location} if the number is read there.
   */
  Location stream();

  /** The number in the clean run. */
  double clean();

  /** The vector in the clean run, {@code [d]}, in the open scope; only where the stream is read. */
  Tensor cleanVector();

  /** The number as each of some vectors {@code [n, d]} has it, {@code [n]}. */
  double[] of(Tensor vectors);

  /**
   * What parts of the stream add to the number with patterns, norm scales and the SAE's own norm
   * held fixed.
   *
   * @param positions where each stands
   * @param parts {@code [n, d_model]}
   */
  Frozen frozen(int[] positions, Tensor parts);

  /** The number that a part stands for; empty if it is none that the stream is read for. */
  static Optional<PassNumber> of(
      CleanRun run, int row, int position, Part part, int layer, int index) {
    return switch (part) {
      case ATTENTION_FEATURE ->
          Optional.of(new AttentionFeatureNumber(run, row, position, layer, index));
      case RESIDUAL_FEATURE ->
          Optional.of(new ResidualFeatureNumber(run, row, position, layer, index));
      case TRANSCODER_FEATURE ->
          Optional.of(new TranscoderFeatureNumber(run, row, position, layer, index));
      case LOGIT -> Optional.of(new LogitNumber(run, row, position, index, -1));
      default -> Optional.empty();
    };
  }

  /** The number that a tree explains. */
  static PassNumber of(CleanRun run, int row, int position, TreeRoot root) {
    if (root instanceof TreeRoot.AttentionFeature feature) {
      return new AttentionFeatureNumber(run, row, position, feature.layer(), feature.feature());
    } else if (root instanceof TreeRoot.ResidualFeature feature) {
      return new ResidualFeatureNumber(run, row, position, feature.layer(), feature.feature());
    } else if (root instanceof TreeRoot.Logit logit) {
      return new LogitNumber(run, row, position, logit.answer(), logit.other().orElse(-1));
    }
    TreeRoot.Head head = (TreeRoot.Head) root;
    float[] direction = AttributionTree.direction(run, head, row, position);
    return HeadNumber.along(run, row, position, head.layer(), head.head(), direction);
  }
}
