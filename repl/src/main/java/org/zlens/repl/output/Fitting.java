package org.zlens.repl.output;

import java.util.List;
import org.zlens.dsl.diagnostic.DisplayWidth;

/**
 * The widths that the columns of a grid get on a page: as wide as they are where there is room;
 * else the widest texts are cut, never numbers, and the last columns are left out if that is not
 * enough.
 *
 * @param shown how many columns there is room for
 */
record Fitting(int[] widths, int shown) {
  private static final int LEAST = 8;
  private static final String CUT = "...";

  static Fitting of(List<GridColumn> columns, int width, int gap) {
    int[] widths = new int[columns.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = DisplayWidth.of(columns.get(i).header());
      for (String cell : columns.get(i).cells()) {
        widths[i] = Math.max(widths[i], DisplayWidth.of(cell));
      }
    }
    int shown = columns.size();
    if (width > 0) {
      for (int over = total(widths, shown, gap) - width; over > 0; over--) {
        int widest = widestText(columns, widths);
        if (widest < 0) {
          break;
        }
        widths[widest]--;
      }
      while (shown > 1 && total(widths, shown, gap) > width) {
        shown--;
      }
    }
    return new Fitting(widths, shown);
  }

  private static int total(int[] widths, int count, int gap) {
    int total = -gap;
    for (int i = 0; i < count; i++) {
      total += widths[i] + gap;
    }
    return total;
  }

  private static int widestText(List<GridColumn> columns, int[] widths) {
    int widest = -1;
    for (int i = 0; i < widths.length; i++) {
      if (!columns.get(i).right()
          && widths[i] > LEAST
          && (widest < 0 || widths[i] > widths[widest])) {
        widest = i;
      }
    }
    return widest;
  }

  /** The text, cut where it is wider than a column. */
  static String clip(String text, int width) {
    if (DisplayWidth.of(text) <= width) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    int used = CUT.length();
    for (int c : text.codePoints().toArray()) {
      used += DisplayWidth.of(c);
      if (used > width) {
        break;
      }
      out.appendCodePoint(c);
    }
    return (out + CUT).substring(0, Math.min(out.length() + CUT.length(), Math.max(width, 0)));
  }
}
