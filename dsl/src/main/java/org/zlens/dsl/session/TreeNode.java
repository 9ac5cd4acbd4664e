package org.zlens.dsl.session;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A node of a tree.
 *
 * @param cells what is known of it, by column; a cell is a String, a Double, an Integer or null
 */
public record TreeNode(String label, Map<String, Object> cells, List<TreeNode> children) {
  public TreeNode {
    cells = Collections.unmodifiableMap(new LinkedHashMap<>(cells));
    children = List.copyOf(children);
  }
}
