package org.zlens.dsl.diagnostic;

import org.zlens.dsl.syntax.Quoted;
import org.zlens.dsl.syntax.SourceText;

/**
 * One line of a source, made safe to print, with the screen column of each of its characters: tabs
 * become blanks, what could move a cursor becomes '?', and only a window is kept of a long line.
 */
final class SourceLine {
  private static final int WINDOW = 100;
  private static final int TAB = 4;
  private static final String CUT = "...";

  private final StringBuilder shown = new StringBuilder();
  private int caretFrom = -1;
  private int caretTo = -1;
  private int width;

  /** The line with carets from {@code start} to {@code end}, both offsets into the source. */
  SourceLine(SourceText source, int line, int start, int end) {
    int first = source.lineStart(line);
    int last = source.lineEnd(line);
    int from = first;
    // Wide enough before the place to see what it follows, and the rest of the window after it.
    if (last - first > WINDOW && start - first > WINDOW / 2) {
      from = boundary(source.text(), Math.max(first, start - WINDOW / 3));
      append(CUT);
    }
    int to = last - from > WINDOW ? boundary(source.text(), from + WINDOW) : last;
    for (int at = from; at < to; ) {
      if (at >= start && caretFrom < 0) {
        caretFrom = width;
      }
      if (at >= end && caretTo < 0) {
        caretTo = width;
      }
      int c = source.text().codePointAt(at);
      append(c);
      at += Character.charCount(c);
    }
    caretFrom = caretFrom < 0 ? width : caretFrom;
    caretTo = caretTo < 0 ? width : caretTo;
    if (to < last) {
      append(CUT);
    }
  }

  String text() {
    return shown.toString();
  }

  String carets() {
    return " ".repeat(caretFrom) + "^".repeat(Math.max(1, caretTo - caretFrom));
  }

  private void append(int c) {
    if (c == '\t') {
      append(" ".repeat(TAB - width % TAB));
    } else if (Quoted.isPrintable(c)) {
      shown.appendCodePoint(c);
      width += DisplayWidth.of(c);
    } else {
      append("?");
    }
  }

  private void append(String text) {
    shown.append(text);
    width += text.length();
  }

  private static int boundary(String text, int at) {
    return at < text.length() && Character.isLowSurrogate(text.charAt(at)) ? at - 1 : at;
  }
}
