package org.zlens.engine.intervene;

import java.util.Optional;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.JointChange;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/**
 * The features of an SAE in a pass that captured its site.
 *
 * <p>Where edits of the pass have put the SAE in the place of the values, the activations are those
 * that they made: an ablated feature is zero, one that was not edited is what it was. The encoder
 * would see otherwise in the values that came out, since it is not the decoder's inverse.
 */
public final class SaeReading {
  private final Sae sae;
  private final Tensor came;
  private final SpliceChange splice;

  private SaeReading(Sae sae, Tensor came, SpliceChange splice) {
    this.sae = sae;
    this.came = came;
    this.splice = splice;
  }

  /** Reads an SAE in a pass. */
  public static SaeReading of(Sae sae, Activations pass) {
    Optional<JointChange.Left> left = pass.joint(sae.location());
    if (left.isPresent() && left.get().change() instanceof SpliceChange splice) {
      if (splice.sae() == sae) {
        return new SaeReading(sae, left.get().came(), splice);
      }
    }
    return new SaeReading(sae, pass.get(sae.location()), null);
  }

  /** The values that the encoder reads, of the shape that the site has. */
  public Tensor came() {
    return came;
  }

  /** Activations at some places, {@code [cell, d_sae]}. */
  Tensor activations(Cells cells, Batch batch) {
    if (splice == null) {
      return sae.encode(cells.take(came)).reshape(-1, sae.features());
    }
    Cells listed = cells.listed(batch);
    return Tensor.of(activations(listed), listed.size(), sae.features());
  }

  /** Activations at some listed places, {@code [cell, d_sae]}, row by row. */
  public float[] activations(Cells cells) {
    float[] acts = sae.encode(cells.take(came)).floats();
    if (splice != null) {
      splice.edit(acts, cells);
    }
    return acts;
  }

  /** Activations of some features at some listed places, {@code [cell, feature]}, row by row. */
  public float[] activations(Cells cells, int... features) {
    if (splice == null) {
      return sae.encode(cells.take(came), features).floats();
    }
    float[] all = activations(cells);
    float[] some = new float[cells.size() * features.length];
    for (int i = 0; i < some.length; i++) {
      some[i] = all[i / features.length * sae.features() + features[i % features.length]];
    }
    return some;
  }

  /** Activations at one place, {@code [d_sae]}. */
  public float[] activations(int row, int position) {
    return activations(cell(row, position));
  }

  /** Whether an edit has set the activation of a feature at a place. */
  public boolean isEdited(int feature, int row, int position) {
    return splice != null && splice.edits(feature, cell(row, position));
  }

  /** Whether edits have set any activations, wherever they are. */
  public boolean hasEdits() {
    return splice != null;
  }

  /** Whether an edit has left out the error term at a place. */
  public boolean leavesOutError(int row, int position) {
    return splice != null && splice.leavesOutError(cell(row, position));
  }

  private static Cells cell(int row, int position) {
    return new Cells(new long[] {row}, new long[] {position});
  }
}
