package org.zlens.dsl.syntax;

/** A user's text as a message shows it: in single quotes, shortened, without control characters. */
public final class Quoted {
  private static final int LIMIT = 48;

  private Quoted() {}

  /** The text in single quotes. */
  public static String of(String text) {
    String shown =
        text.codePointCount(0, Math.min(text.length(), 2 * LIMIT + 2)) > LIMIT
            ? text.substring(0, text.offsetByCodePoints(0, LIMIT - 3)) + "..."
            : text;
    return "'" + printable(shown) + "'";
  }

  /** The text with every character that could move a cursor written as an escape. */
  public static String printable(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                case '\r' -> out.append("\\r");
                default -> {
                  if (isPrintable(c)) {
                    out.appendCodePoint(c);
                  } else {
                    out.append(String.format("\\u%04x", c));
                  }
                }
              }
            });
    return out.toString();
  }

  /** Whether a code point shows as itself and moves nothing else. */
  public static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
