package org.zlens.engine.report;

/** Texts and data inside HTML. */
public final class Html {
  private Html() {}

  /** A text that stands between tags or in a quoted attribute. */
  public static String text(String raw) {
    StringBuilder out = new StringBuilder(raw.length());
    raw.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.appendCodePoint(isPrintable(c) ? c : 0xFFFD);
              }
            });
    return out.toString();
  }

  /**
   * JSON that stands in a script element: nothing in it can end the element, and what cannot be
   * seen is written by its number.
   */
  public static String json(String json) {
    StringBuilder out = new StringBuilder(json.length());
    json.codePoints()
        .forEach(
            c -> {
              if (c == '<' || c == '>' || c == '&' || !isPrintable(c)) {
                for (char unit : Character.toChars(c)) {
                  out.append(String.format("\\u%04x", (int) unit));
                }
              } else {
                out.appendCodePoint(c);
              }
            });
    return out.toString();
  }

  /** Control characters are no HTML, and those that turn the direction of text mislead. */
  static boolean isPrintable(int c) {
    int type = Character.getType(c);
    return c == '\n'
        || c == '\t'
        || type != Character.CONTROL
            && type != Character.FORMAT
            && type != Character.SURROGATE
            && type != Character.UNASSIGNED;
  }
}
