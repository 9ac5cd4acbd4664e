package org.zlens.dsl.session;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A node of a tree.
 *
 * @param cells what is known of it, by column; a cell is a String, a Double, an Integer, a {@link
 *     Tone} or null
 */
public record TreeNode(String label, Map<String, Object> cells, List<TreeNode> children) {
  public TreeNode {
    cells = Collections.unmodifiableMap(new LinkedHashMap<>(cells));
    children = List.copyOf(children);
  }

  /** How good the node is, where a cell says so. */
  public Optional<Tone> tone() {
    return cells.values().stream().filter(Tone.class::isInstance).map(Tone.class::cast).findFirst();
  }
}
