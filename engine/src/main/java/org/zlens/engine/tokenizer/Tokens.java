package org.zlens.engine.tokenizer;

import java.util.Arrays;
import java.util.List;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/**
 * Token ids with the text of each, and whether a beginning-of-text token was put in front.
 *
 * @param ids token ids {@code [pos]}
 * @param strings the text of each token for people to read, see {@link Tokenizer#encode}: a
 *     character that several tokens make up stands whole in each of them, as {@code 😀[1/2]}
 * @param prependedBos true if position 0 is a beginning-of-text token that was not in the text
 */
public record Tokens(int[] ids, List<String> strings, boolean prependedBos) {
  public Tokens {
    ids = ids.clone();
    strings = List.copyOf(strings);
    if (ids.length != strings.size()) {
      throw new ZlensException(
          Kind.BUG, ids.length + " token ids with " + strings.size() + " strings", null);
    }
  }

  @Override
  public int[] ids() {
    return ids.clone();
  }

  /** Number of tokens, the beginning-of-text token included. */
  public int size() {
    return ids.length;
  }

  /** The id at a position. */
  public int id(int position) {
    return ids[checked(position)];
  }

  /** The text of the token at a position. */
  public String string(int position) {
    return strings.get(checked(position));
  }

  /**
   * Whether a text is that of the token at a position, as it is shown or without the dotted circle
   * that a mark is shown on.
   */
  public boolean isAt(int position, String text) {
    return string(position).equals(text) || string(position).equals(Pieces.standing(text));
  }

  private int checked(int position) {
    if (position < 0 || position >= ids.length) {
      throw new ZlensException(
          Kind.TYPE,
          "no position " + position + " in a prompt of " + ids.length + " tokens",
          ids.length == 0 ? null : "positions run from 0 to " + (ids.length - 1));
    }
    return position;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tokens tokens
        && prependedBos == tokens.prependedBos
        && Arrays.equals(ids, tokens.ids)
        && strings.equals(tokens.strings);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(ids) + Boolean.hashCode(prependedBos);
  }

  /** The tokens with bars between them: {@code |When| Ann| and|}. */
  @Override
  public String toString() {
    return "|" + String.join("|", strings) + "|";
  }
}
