package org.zlens.dsl.syntax;

/**
 * The escapes of strings: backslash and one of n, t, r, quote, backslash, or u and four hex digits.
 */
final class Escapes {
  static final String UNKNOWN =
      "unknown escape; strings know \\n, \\t, \\r, \\\", \\\\ and \\u with four hex digits";

  private Escapes() {}

  /** Appends what the escape after the backslash stands for; false if there is none. */
  static boolean read(String text, int at, StringBuilder value) {
    int end = end(text, at);
    if (end < 0) {
      return false;
    }
    switch (text.charAt(at)) {
      case 'n' -> value.append('\n');
      case 't' -> value.append('\t');
      case 'r' -> value.append('\r');
      case 'u' -> value.append((char) Integer.parseInt(text, at + 1, at + 5, 16));
      default -> value.append(text.charAt(at));
    }
    return true;
  }

  /** The offset after the escape, or -1 if it is none. */
  static int end(String text, int at) {
    if (at >= text.length()) {
      return -1;
    }
    return switch (text.charAt(at)) {
      case 'n', 't', 'r', '"', '\\' -> at + 1;
      case 'u' -> isHex(text, at + 1, at + 5) ? at + 5 : -1;
      default -> -1;
    };
  }

  /** The offset after what should have been an escape; lines end before their break. */
  static int endOfUnknown(String text, int at) {
    return at < text.length() && text.charAt(at) != '\n' ? at + 1 : at;
  }

  /** A string as it is written in a script. */
  static String quote(String value) {
    return '"' + escape(value) + '"';
  }

  /** The same without quotes. */
  static String escape(String value) {
    StringBuilder out = new StringBuilder(value.length() + 2);
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '\n' -> out.append("\\n");
        case '\t' -> out.append("\\t");
        case '\r' -> out.append("\\r");
        case '"', '\\' -> out.append('\\').append(c);
        default -> {
          if (c < ' ' || Character.isSurrogate(c) && !paired(value, i)) {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.toString();
  }

  private static boolean paired(String value, int at) {
    return Character.isHighSurrogate(value.charAt(at))
        ? at + 1 < value.length() && Character.isLowSurrogate(value.charAt(at + 1))
        : at > 0 && Character.isHighSurrogate(value.charAt(at - 1));
  }

  private static boolean isHex(String text, int start, int end) {
    if (end > text.length()) {
      return false;
    }
    for (int i = start; i < end; i++) {
      if (Character.digit(text.charAt(i), 16) < 0 || text.charAt(i) > 'f') {
        return false;
      }
    }
    return true;
  }
}
