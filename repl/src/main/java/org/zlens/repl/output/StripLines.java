package org.zlens.repl.output;

import org.zlens.dsl.diagnostic.DisplayWidth;

/** Lays tokens side by side in lines of a page; a token that fits no line is cut in pieces. */
final class StripLines {
  private final StringBuilder out = new StringBuilder();
  private final String indent;
  private final int width;
  private int used;

  /**
   * @param first what stands before the first line
   * @param width columns of the page; 0 for lines without end
   */
  StripLines(String first, int width) {
    this.indent = " ".repeat(DisplayWidth.of(first));
    this.width = width == 0 ? Integer.MAX_VALUE : Math.max(width - indent.length(), 2);
    out.append(first);
  }

  /** Adds a token, on the background that its number has if there is a scale. */
  void add(String token, HeatScale scale, double number) {
    int wide = DisplayWidth.of(token);
    if (wide > width - used && used > 0) {
      breakLine();
    }
    StringBuilder piece = new StringBuilder();
    for (int c : token.codePoints().toArray()) {
      int more = DisplayWidth.of(c);
      if (used + more > width) {
        flush(piece, scale, number);
        breakLine();
      }
      piece.appendCodePoint(c);
      used += more;
    }
    flush(piece, scale, number);
  }

  /** All lines, the last one ended too. */
  String text() {
    return out + "\n";
  }

  private void flush(StringBuilder piece, HeatScale scale, double number) {
    out.append(scale == null ? piece : scale.paint(piece.toString(), number));
    piece.setLength(0);
  }

  private void breakLine() {
    out.append('\n').append(indent);
    used = 0;
  }
}
