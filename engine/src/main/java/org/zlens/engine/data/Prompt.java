package org.zlens.engine.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.tokenizer.Tokenizer;
import org.zlens.engine.tokenizer.Tokens;

/**
 * A text that a model goes on from, with what is known about it.
 *
 * @param text the text without a beginning-of-text token; the answer is not part of it
 * @param tokens its tokens
 * @param positions its named positions
 * @param answer the two tokens to compare at the end, if it has them
 * @param tags what kind of prompt it is, for tables and groups, such as order=ABBA
 */
public record Prompt(
    String text,
    Tokens tokens,
    Positions positions,
    Optional<AnswerPair> answer,
    Map<String, String> tags) {

  public Prompt {
    tags = Collections.unmodifiableMap(new TreeMap<>(tags));
    if (tokens.size() == 0) {
      throw new ZlensException(Kind.DATA, "a prompt needs at least one token, found none", null);
    }
    for (Map.Entry<String, Integer> label : positions.labels().entrySet()) {
      if (label.getValue() < 0 || label.getValue() >= tokens.size()) {
        throw new ZlensException(
            Kind.DATA,
            String.format(
                "label %s is at position %d of a prompt of %d tokens",
                label.getKey(), label.getValue(), tokens.size()),
            null);
      }
    }
  }

  /** A prompt of text, with a beginning-of-text token in front or without. */
  public static Prompt of(Tokenizer tokenizer, String text, boolean prependBos) {
    return new Prompt(
        text, tokenizer.encode(text, prependBos), Positions.NONE, Optional.empty(), Map.of());
  }

  /**
   * A prompt of ids as they are.
   *
   * @param prependedBos whether position 0 counts as an added beginning-of-text token
   */
  public static Prompt of(Tokenizer tokenizer, int[] ids, boolean prependedBos) {
    Tokens tokens = tokenizer.tokens(ids, prependedBos);
    int[] own = prependedBos ? Arrays.copyOfRange(ids, 1, ids.length) : ids;
    return new Prompt(tokenizer.decode(own), tokens, Positions.NONE, Optional.empty(), Map.of());
  }

  /** This prompt with two tokens to compare. */
  public Prompt withAnswer(AnswerPair pair) {
    return new Prompt(text, tokens, positions, Optional.of(pair), tags);
  }

  /** This prompt with other named positions. */
  public Prompt withPositions(Positions other) {
    return new Prompt(text, tokens, other, answer, tags);
  }

  /** This prompt with one more tag. */
  public Prompt withTag(String key, String value) {
    Map<String, String> more = new TreeMap<>(tags);
    more.put(key, value);
    return new Prompt(text, tokens, positions, answer, more);
  }

  /** The last position. */
  public int end() {
    return tokens.size() - 1;
  }

  /**
   * The position of a label, moved by an offset: {@code S1+1}.
   *
   * @throws ZlensException if there is no such label, or the place is outside the prompt
   */
  public int position(String label, int offset) {
    OptionalInt found = label.equals(Positions.END) ? OptionalInt.of(end()) : positions.find(label);
    if (found.isEmpty()) {
      List<String> known = new ArrayList<>(positions.labels().keySet());
      known.add(Positions.END);
      throw new ZlensException(
          Kind.NAME,
          "no label '" + label + "' in this prompt",
          "labels here: " + String.join(" ", known));
    }
    int position = found.getAsInt() + offset;
    if (position < 0 || position > end()) {
      throw new ZlensException(
          Kind.NAME,
          String.format(
              "'%s%+d' is position %d of a prompt of %d tokens",
              label, offset, position, tokens.size()),
          "positions run from 0 to " + end());
    }
    return position;
  }

  /**
   * The position of the nth token whose text is exactly this: {@code " Bob"#2}.
   *
   * @param number which of them, from 1
   * @throws ZlensException that tells where the token does occur
   */
  public int occurrence(String tokenText, int number) {
    if (number < 1) {
      throw new ZlensException(
          Kind.NAME,
          "occurrences are counted from 1, found #" + number,
          "write '" + tokenText + "'#1 for the first");
    }
    List<Integer> places = places(tokenText);
    if (number <= places.size()) {
      return places.get(number - 1);
    }
    if (!places.isEmpty()) {
      throw new ZlensException(
          Kind.NAME,
          String.format(
              "no '%s'#%d: the token occurs %s in %s",
              tokenText, number, places.size() == 1 ? "once" : places.size() + " times", tokens),
          "it is at position" + (places.size() == 1 ? " " : "s ") + places(places));
    }
    String spaced = tokenText.startsWith(" ") ? tokenText.substring(1) : " " + tokenText;
    throw new ZlensException(
        Kind.NAME,
        "no token '" + tokenText + "' in " + tokens,
        places(spaced).isEmpty()
            ? "the text of a token is matched whole, leading space included"
            : "there is a token '" + spaced + "'");
  }

  private List<Integer> places(String tokenText) {
    List<Integer> places = new ArrayList<>();
    for (int position = 0; position < tokens.size(); position++) {
      if (tokens.isAt(position, tokenText)) {
        places.add(position);
      }
    }
    return places;
  }

  private static String places(List<Integer> places) {
    return String.join(" and ", places.stream().map(String::valueOf).toList());
  }

  /** This prompt with a label at the nth token of a text; see {@link #occurrence}. */
  public Prompt mark(String label, String tokenText, int number) {
    return withPositions(positions.with(label, occurrence(tokenText, number)));
  }
}
