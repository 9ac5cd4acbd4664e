package org.zlens.engine.report;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Texts of tokens as pages show them: of one line, not longer than fits, and harmless. A token may
 * be anything, a tag or a megabyte. One thread may ask at a time.
 */
public final class TokenTexts {
  /** Characters of a token that are shown. */
  private static final int LONGEST = 40;

  private final IntFunction<String> pieces;
  private final Map<Integer, String> shown = new HashMap<>();

  /** Texts of the tokens that have these pieces. */
  public TokenTexts(IntFunction<String> pieces) {
    this.pieces = pieces;
  }

  /** A token as HTML. */
  String html(int id) {
    return shown.computeIfAbsent(id, token -> Html.text(plain(token)));
  }

  /** A token as a text of one line, which is not escaped yet. */
  public String plain(int id) {
    String piece = pieces.apply(id);
    int count = piece.codePointCount(0, piece.length());
    String some =
        count <= LONGEST
            ? piece
            : piece.substring(0, piece.offsetByCodePoints(0, LONGEST))
                + "\u2026("
                + count
                + " characters)";
    return some.replace("\r", "\u240d").replace("\n", "\u21b5").replace("\t", "\u21e5");
  }
}
