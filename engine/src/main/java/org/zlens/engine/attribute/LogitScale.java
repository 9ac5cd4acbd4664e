package org.zlens.engine.attribute;

import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;

/**
 * The norm scale that direct logit attributions divide the stream by (paper-spec D-Fig19): that of
 * the final norm, which makes them parts of the logit, or that before the attention of a layer, as
 * the authors' code has it (layer 6).
 *
 * @param layer whose first norm, or -1 for the final norm
 */
public record LogitScale(int layer) {
  /** The scale of the final norm. */
  public static final LogitScale FINAL = new LogitScale(-1);

  /** The scale before the attention of a layer. */
  public static LogitScale before(int layer) {
    return new LogitScale(layer);
  }

  /** Whether it is that of the final norm. */
  public boolean isFinal() {
    return layer < 0;
  }

  /** For tables, for example {@code L6.ln1.scale}. */
  public String name() {
    return location().shortName();
  }

  private Location location() {
    return isFinal() ? Location.of(Site.FINAL_SCALE) : Location.of(Site.LN1_SCALE, layer);
  }

  /** The scale at a place of a run. */
  double of(CleanRun run, int row, int position) {
    int layers = run.config().layers();
    if (layer >= layers) {
      throw new ZlensException(
          Kind.NAME,
          "no layer " + layer + " in this model",
          "layers run from L0 to L" + (layers - 1));
    }
    return run.vector(location(), row, position).item();
  }
}
