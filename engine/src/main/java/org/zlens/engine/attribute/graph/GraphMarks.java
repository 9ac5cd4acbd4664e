package org.zlens.engine.attribute.graph;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What somebody who looks at a graph has marked in it.
 *
 * @param pinned nodes to keep in sight
 * @param groups nodes that count as one, by the name of what they are together
 */
public record GraphMarks(List<GraphNode> pinned, Map<String, List<GraphNode>> groups) {
  /** No marks. */
  public static final GraphMarks NONE = new GraphMarks(List.of(), Map.of());

  /** Keeps the marks from changing. */
  public GraphMarks {
    pinned = List.copyOf(pinned);
    groups = new LinkedHashMap<>(groups);
  }
}
