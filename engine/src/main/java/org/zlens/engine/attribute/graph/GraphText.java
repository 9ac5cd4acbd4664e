package org.zlens.engine.attribute.graph;

import java.util.List;

/**
 * What a graph is of, for files that stand by themselves.
 *
 * @param model the model's name
 * @param layers its number of layers
 * @param prompt the prompt's text
 * @param pieces text of each token of it
 * @param provenance lines that say how the graph came to be
 */
public record GraphText(
    String model, int layers, String prompt, List<String> pieces, List<String> provenance) {
  /** Keeps the lists from changing. */
  public GraphText {
    pieces = List.copyOf(pieces);
    provenance = List.copyOf(provenance);
  }

  /** Where a node stands, for example {@code 5:' Mary'}; empty if nowhere. */
  public String place(GraphNode node) {
    int position = node.position();
    if (position < 0) {
      return "";
    }
    return position < pieces.size() ? position + ":" + pieces.get(position) : "" + position;
  }
}
