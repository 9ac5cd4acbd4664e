package org.zlens.engine.plan;

import java.util.List;
import org.zlens.engine.model.Rerun;

/**
 * A pass that interventions share, each in a lane of its own.
 *
 * @param rerun what of the clean run is run again; its rows are those of the lanes in their order
 * @param cells places whose logits are read anew
 */
public record Round(Rerun rerun, List<Lane> lanes, int cells) {
  /** Keeps the lanes from changing. */
  public Round {
    lanes = List.copyOf(lanes);
  }

  /** Number of rows. */
  public int rows() {
    return rerun.touched().size();
  }
}
