package org.zlens.dsl.session;

import tech.tablesaw.columns.Column;

/** About how much of the heap a value takes. */
final class MemoryUse {
  private static final long OBJECT = 64;
  private static final long CELL = 16;

  private MemoryUse() {}

  static long of(Value value) {
    if (value instanceof TensorValue tensors) {
      return OBJECT
          + tensors.tensors().values().stream()
              .mapToLong(data -> OBJECT + (long) Float.BYTES * data.values().length)
              .sum();
    } else if (value instanceof TreeValue tree) {
      return of(tree.root()) + tree.graph().map(MemoryUse::of).orElse(0L);
    } else if (value instanceof ListValue list) {
      return OBJECT + list.values().stream().mapToLong(MemoryUse::of).sum();
    }
    TableValue table = Cells.tableOf(value);
    if (table == null) {
      return OBJECT + 2L * value.toString().length();
    }
    long bytes = OBJECT;
    for (Column<?> column : table.table().columns()) {
      bytes += OBJECT;
      for (int row = 0; row < column.size(); row++) {
        // Columns of texts keep each text once or more; counting all is on the safe side.
        bytes += CELL + 2L * column.getUnformattedString(row).length();
      }
    }
    return bytes;
  }

  private static long of(TreeNode node) {
    long bytes = OBJECT + 2L * node.label().length() + node.cells().size() * (OBJECT + CELL);
    for (TreeNode child : node.children()) {
      bytes += of(child);
    }
    return bytes;
  }
}
