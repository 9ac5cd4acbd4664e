package org.zlens.repl.explore;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.zlens.dsl.session.Cells;
import org.zlens.dsl.session.PageValue;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.TextValue;
import org.zlens.dsl.session.TreeNode;
import org.zlens.dsl.session.TreeValue;
import org.zlens.dsl.session.Value;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** Texts and values as long as a page shows them; what is left out is said in their place. */
final class Shortened {
  /** Characters of a token or a cell. */
  static final int MOST_CHARACTERS = 300;

  private static final int MOST_ROWS = 500;

  private Shortened() {}

  /** A text, or its start and how long it is. */
  static String text(String whole) {
    return text(whole, MOST_CHARACTERS);
  }

  static String text(String whole, int most) {
    if (whole.length() <= most) {
      return whole;
    }
    int end = Character.isHighSurrogate(whole.charAt(most - 1)) ? most - 1 : most;
    return String.format("%s… (%,d characters)", whole.substring(0, end), whole.length());
  }

  /** A value with the first of its rows, and the start of each long cell. */
  static Value value(Value whole) {
    if (whole instanceof TreeValue tree) {
      int[] left = {MOST_ROWS};
      TreeNode root = node(tree.root(), left);
      List<String> notes = new ArrayList<>(tree.notes());
      if (left[0] < 0) {
        notes.add("the page shows the first " + MOST_ROWS + " rows; 'save' keeps all");
      }
      return new TreeValue(text(tree.title()), root, tree.units(), notes);
    } else if (whole instanceof PageValue) {
      return whole;
    }
    TableValue table = Cells.tableOf(whole);
    if (table != null) {
      return table(table, MOST_ROWS);
    }
    String said = whole.toString();
    return said.length() <= 20 * MOST_CHARACTERS
        ? whole
        : new TextValue(text(said, 20 * MOST_CHARACTERS));
  }

  /** A table with the first of its rows. */
  static TableValue table(TableValue whole, int most) {
    Table all = whole.table();
    int rows = Math.min(all.rowCount(), most);
    Table some = Table.create(text(all.name() == null ? "" : all.name()));
    for (Column<?> column : all.columns()) {
      some.addColumns(column(column, rows));
    }
    TableValue made = new TableValue(some, whole.units(), whole.notes());
    return rows == all.rowCount()
        ? made
        : made.withNotes(
            List.of(
                "the page shows " + rows + " of " + all.rowCount() + " rows; 'save' keeps all"));
  }

  private static Column<?> column(Column<?> whole, int rows) {
    if (!(whole instanceof StringColumn texts)) {
      return whole.first(rows);
    }
    StringColumn some = StringColumn.create(whole.name());
    for (int row = 0; row < rows; row++) {
      if (texts.isMissing(row)) {
        some.appendMissing();
      } else {
        some.append(text(texts.get(row)));
      }
    }
    return some;
  }

  private static TreeNode node(TreeNode whole, int[] left) {
    left[0]--;
    Map<String, Object> cells = new LinkedHashMap<>();
    whole
        .cells()
        .forEach((name, cell) -> cells.put(name, cell instanceof String said ? text(said) : cell));
    List<TreeNode> children = new ArrayList<>();
    for (TreeNode child : whole.children()) {
      if (left[0] <= 0) {
        left[0] = -1;
        break;
      }
      children.add(node(child, left));
    }
    return new TreeNode(text(whole.label()), cells, children);
  }
}
