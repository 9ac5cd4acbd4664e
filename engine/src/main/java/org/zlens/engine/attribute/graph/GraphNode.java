package org.zlens.engine.attribute.graph;

import org.zlens.engine.attribute.Contribution;
import org.zlens.engine.attribute.Part;

/**
 * Which number of a pass a node of a graph is. Equal nodes are the same number.
 *
 * @param part what it stands for
 * @param layer the layer that it belongs to, -1 if none
 * @param index feature, head or, for a logit, token; -1 if none
 * @param position where it stands in the prompt, -1 if nowhere
 */
public record GraphNode(Part part, int layer, int index, int position) {
  /** The part that a row of an attribution stands for. */
  public static GraphNode of(Contribution row) {
    return new GraphNode(row.part(), row.layer(), row.index(), row.position());
  }

  /** The address of a head, feature or component, for example {@code L5.F44256}; or the part. */
  public String name() {
    return part.address(layer, index);
  }

  @Override
  public String toString() {
    return position < 0 ? name() : name() + " at " + position;
  }
}
