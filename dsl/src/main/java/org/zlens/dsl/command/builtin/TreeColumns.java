package org.zlens.dsl.command.builtin;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.zlens.engine.attribute.Explained;

/** What is known of the rows of a tree beside their own numbers. */
interface TreeColumns {
  /** Nothing. */
  TreeColumns NONE =
      new TreeColumns() {
        @Override
        public void add(Map<String, Object> cells, Explained row) {}

        @Override
        public List<String> notes(String root) {
          return List.of();
        }
      };

  /** Adds the columns of a row, if anything is known of it. */
  void add(Map<String, Object> cells, Explained row);

  /**
   * Sentences to show below, on what the columns are: the same below any tree.
   *
   * @param root in words
   */
  List<String> notes(String root);

  /**
   * Sentences to show below those, on what was found of this tree.
   *
   * @param root in words
   */
  default List<String> findings(String root) {
    return List.of();
  }

  /** Both. */
  default TreeColumns and(TreeColumns other) {
    TreeColumns first = this;
    return new TreeColumns() {
      @Override
      public void add(Map<String, Object> cells, Explained row) {
        first.add(cells, row);
        other.add(cells, row);
      }

      @Override
      public List<String> notes(String root) {
        return Stream.concat(first.notes(root).stream(), other.notes(root).stream()).toList();
      }

      @Override
      public List<String> findings(String root) {
        return Stream.concat(first.findings(root).stream(), other.findings(root).stream()).toList();
      }
    };
  }
}
