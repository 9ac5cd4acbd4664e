package org.zlens.engine.attribute;

import java.util.List;
import java.util.Optional;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;

/**
 * A linear functional of the residual stream at one place, and the number that it reads there:
 * {@code total = resid . direction + constants}.
 *
 * <p>What reads the stream does not matter here: an attention feature through pattern, values and
 * norm (paper-spec A.6), a residual feature (A.7) or a logit.
 */
final class Readout {
  private final CleanRun run;
  private final String what;
  private final int row;
  private final StreamPoint point;
  private final int position;
  private final StreamMap map;
  private final float[] direction;
  private final double total;
  private final double reference;
  private final List<Contribution> constants;
  private final double scale;

  /**
   * @param layer components before this layer make up the stream
   * @param direction {@code [d_model]}, norm and its scale included
   * @param total the number, from the pass
   * @param reference what shares are parts of
   * @param constants what the direction does not see
   */
  Readout(
      CleanRun run,
      String what,
      int layer,
      int row,
      int position,
      float[] direction,
      double total,
      double reference,
      List<Contribution> constants) {
    this(
        run,
        what,
        StreamPoint.before(layer),
        row,
        position,
        direction,
        total,
        reference,
        constants);
  }

  /** The same of the stream at any point. */
  Readout(
      CleanRun run,
      String what,
      StreamPoint point,
      int row,
      int position,
      float[] direction,
      double total,
      double reference,
      List<Contribution> constants) {
    this.run = run;
    this.what = what;
    this.row = row;
    this.point = point;
    this.position = position;
    this.direction = direction;
    this.map = new StreamMap(run, point, row, position, direction, 1);
    this.total = total;
    this.reference = reference;
    this.constants = List.copyOf(constants);
    this.scale = norm(direction) * map.streamSize();
  }

  /** What the number is, for messages. */
  String what() {
    return what;
  }

  /** Where the stream is read. */
  StreamPoint point() {
    return point;
  }

  /** At which position. */
  int position() {
    return position;
  }

  /** Along what it is read, {@code [d_model]}. */
  float[] direction() {
    return direction.clone();
  }

  /** The number, from the pass. */
  double total() {
    return total;
  }

  /** What the direction does not see. */
  double constant() {
    return constants.stream().mapToDouble(Contribution::contribution).sum();
  }

  /** What shares are parts of. */
  double reference() {
    return reference;
  }

  /** Embeddings and the output of each attention and MLP. */
  Attribution components() {
    return finish(map.components());
  }

  /** The same with each attention output split into its heads and bias. */
  Attribution heads() {
    return finish(map.heads());
  }

  /** The same with each MLP output by its transcoder, where it has one. */
  Attribution headsAndTranscoders() {
    return finish(map.headsAndTranscoders());
  }

  /**
   * The same with each attention output split into the features, bias and error of its SAE and the
   * bias of the output; layers without an SAE stay whole.
   */
  Attribution features() {
    return finish(map.features());
  }

  /** One attention output split by its SAE; the total is what that output contributes. */
  Attribution upstream(int earlier) {
    double output = map.image(Location.of(Site.ATTN_OUT, earlier))[0];
    return Attribution.of(
        what + " from L" + earlier + ".attn_out",
        output,
        rows(map.upstream(earlier)).list(),
        scale);
  }

  /** The stream split by the residual SAE before the layer; empty if there is none. */
  Optional<Attribution> residualFeatures() {
    return map.residualFeatures().map(this::finish);
  }

  /** The stream split by the residual SAE before an earlier layer, and what was written since. */
  Optional<Attribution> residualFeatures(int base) {
    return map.residualFeatures(base).map(this::finish);
  }

  private Rows rows(List<StreamMap.Image> images) {
    Rows rows = new Rows(run, row, reference);
    for (StreamMap.Image image : images) {
      rows.add(image, image.values()[0]);
    }
    return rows;
  }

  private Attribution finish(List<StreamMap.Image> images) {
    Rows rows = rows(images);
    rows.list().addAll(constants);
    return Attribution.of(what, total, rows.list(), scale);
  }

  static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  static double norm(float[] a) {
    return Math.sqrt(dot(a, a));
  }
}
