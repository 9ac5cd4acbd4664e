package org.zlens.dsl.replay;

import java.util.ArrayList;
import java.util.List;
import org.zlens.dsl.session.Value;

/** What a statement shows, in the order in which it does. */
final class Gathered {
  private final List<Shown> all = new ArrayList<>();
  private final StringBuilder printed = new StringBuilder();

  /** Begins anew. */
  void clear() {
    all.clear();
    printed.setLength(0);
  }

  void add(Value value) {
    endPrinted();
    all.add(Shown.of(value));
  }

  /** Takes a piece of printed text; pieces with nothing else between them belong together. */
  void print(String text) {
    printed.append(text);
  }

  /** All so far. */
  List<Shown> all() {
    endPrinted();
    return List.copyOf(all);
  }

  private void endPrinted() {
    if (!printed.isEmpty()) {
      all.add(Shown.printed(printed.toString()));
      printed.setLength(0);
    }
  }
}
