package org.zlens.dsl.session;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * A tree; its nodes share the columns.
 *
 * @param units the unit of each column that has one
 * @param notes sentences to show below
 * @param graph the same with each number once, where it is an attribution
 */
public record TreeValue(
    String title,
    TreeNode root,
    Map<String, String> units,
    List<String> notes,
    Optional<GraphValue> graph)
    implements Value {
  public TreeValue {
    units = Map.copyOf(units);
    notes = List.copyOf(notes);
  }

  /** A tree that is no attribution. */
  public TreeValue(String title, TreeNode root, Map<String, String> units, List<String> notes) {
    this(title, root, units, notes, Optional.empty());
  }

  /** The same tree with more notes. */
  public TreeValue withNotes(List<String> more) {
    List<String> all = new ArrayList<>(notes);
    all.addAll(more);
    return new TreeValue(title, root, units, all, graph);
  }

  @Override
  public ValueKind kind() {
    return ValueKind.TREE;
  }

  /** One row a node, parents first, with its depth (the root's is 0) and its parent's label. */
  public TableValue table() {
    IntColumn depth = IntColumn.create("depth");
    StringColumn node = StringColumn.create("node");
    StringColumn parent = StringColumn.create("parent");
    Map<String, Column<?>> columns = new LinkedHashMap<>();
    declare(root, columns);
    fill(root, 0, "", depth, node, parent, columns);
    Table table = Table.create(title, depth, node, parent);
    columns.values().forEach(table::addColumns);
    return new TableValue(table, units, notes);
  }

  private static void declare(TreeNode node, Map<String, Column<?>> columns) {
    node.cells()
        .forEach(
            (name, cell) -> {
              if (cell != null) {
                columns.computeIfAbsent(
                    name,
                    n ->
                        cell instanceof Integer
                            ? IntColumn.create(n)
                            : cell instanceof Number
                                ? DoubleColumn.create(n)
                                : StringColumn.create(n));
              }
            });
    node.children().forEach(child -> declare(child, columns));
  }

  private static void fill(
      TreeNode at,
      int level,
      String above,
      IntColumn depth,
      StringColumn node,
      StringColumn parent,
      Map<String, Column<?>> columns) {
    depth.append(level);
    node.append(at.label());
    parent.append(above);
    columns.forEach((name, column) -> append(column, at.cells().get(name)));
    at.children()
        .forEach(child -> fill(child, level + 1, at.label(), depth, node, parent, columns));
  }

  private static void append(Column<?> column, Object cell) {
    if (cell == null) {
      column.appendMissing();
    } else if (column instanceof IntColumn integers && cell instanceof Number number) {
      integers.append(number.intValue());
    } else if (column instanceof DoubleColumn doubles && cell instanceof Number number) {
      doubles.append(number.doubleValue());
    } else {
      column.appendCell(cell.toString());
    }
  }
}
