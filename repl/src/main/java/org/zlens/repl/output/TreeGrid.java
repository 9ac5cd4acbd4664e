package org.zlens.repl.output;

import java.util.ArrayList;
import java.util.List;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.Tone;
import org.zlens.dsl.session.TreeNode;
import org.zlens.dsl.session.TreeValue;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** Lays a tree out as a grid: branches in the first column, what is known of each node beside. */
final class TreeGrid {
  private TreeGrid() {}

  static Grid of(TreeValue tree, int limit) {
    TableValue flat = tree.table();
    List<String> labels = new ArrayList<>();
    List<Tone> tones = new ArrayList<>();
    branch(tree.root(), "", "", labels, tones);
    Table table = Table.create(tree.title(), StringColumn.create("node", labels));
    for (Column<?> column : flat.table().columns()) {
      if (!List.of("depth", "node", "parent").contains(column.name())) {
        table.addColumns(column);
      }
    }
    return Grid.of(new TableValue(table, flat.units(), flat.notes()), limit, tones);
  }

  private static void branch(
      TreeNode node, String before, String below, List<String> labels, List<Tone> tones) {
    labels.add(before + node.label());
    tones.add(node.tone().orElse(null));
    for (int i = 0; i < node.children().size(); i++) {
      boolean last = i == node.children().size() - 1;
      branch(
          node.children().get(i),
          below + (last ? "`- " : "|- "),
          below + (last ? "   " : "|  "),
          labels,
          tones);
    }
  }
}
