package org.zlens.repl.output;

import java.util.regex.Pattern;
import org.zlens.dsl.diagnostic.DisplayWidth;

/** Pieces with a blank between each two, in as many lines of a page as they need. */
final class WrappedLine {
  private static final Pattern COLOR = Pattern.compile("\u001B\\[[0-9;]*m");

  private final StringBuilder out = new StringBuilder();
  private final int width;
  private int used;

  /**
   * @param width columns of the page; 0 for a line without end
   */
  WrappedLine(int width) {
    this.width = width == 0 ? Integer.MAX_VALUE : width;
  }

  /** Adds a piece, which is never cut. */
  void add(String piece) {
    int wide = DisplayWidth.of(COLOR.matcher(piece).replaceAll(""));
    if (used > 0 && used + 1 + wide > width) {
      out.append('\n');
      used = 0;
    } else if (used > 0) {
      out.append(' ');
      used++;
    }
    out.append(piece);
    used += wide;
  }

  /** Adds every word of a text as a piece. */
  void addWords(String text) {
    for (String word : text.split(" ")) {
      add(word);
    }
  }

  /** All lines, the last one ended too. */
  String text() {
    return out + "\n";
  }
}
