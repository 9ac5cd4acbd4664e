package org.zlens.engine.tokenizer;

import java.util.Arrays;
import java.util.List;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/**
 * Token ids with the text of each, and whether a beginning-of-text token was put in front.
 *
 * @param ids token ids {@code [pos]}
 * @param strings the text of each token, readable even where it is a part of a character
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
