package org.zlens.engine.data;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.zlens.engine.tokenizer.ByteLevel;

/**
 * A sentence with numbered gaps, such as {@code "{0} gave the {1} to {2}."}, cut into the words of
 * {@link ByteLevel#words}.
 *
 * <p>A gap takes one word of letters or digits, so a filled sentence is cut in the same places.
 */
public final class Template {
  private static final Pattern GAP = Pattern.compile("( ?)\\{(\\d)}");

  /** One word of the sentence, or, where gap is not negative, the gap with its leading space. */
  private record Part(String text, int gap) {}

  private final List<Part> parts;
  private final String source;

  private Template(List<Part> parts, String source) {
    this.parts = parts;
    this.source = source;
  }

  /** Reads a template; gaps are {@code {0}} to {@code {9}}. */
  public static Template of(String text) {
    List<Part> parts = new ArrayList<>();
    Matcher matcher = GAP.matcher(text);
    int at = 0;
    while (matcher.find()) {
      literal(text.substring(at, matcher.start()), parts);
      parts.add(new Part(matcher.group(1), Integer.parseInt(matcher.group(2))));
      at = matcher.end();
    }
    literal(text.substring(at), parts);
    return new Template(List.copyOf(parts), text);
  }

  private static void literal(String text, List<Part> parts) {
    for (String word : ByteLevel.words(text)) {
      parts.add(new Part(word, -1));
    }
  }

  /**
   * Hands the words of the filled sentence to a reader, in order.
   *
   * @param continues true after other text: the first word then gets a leading space
   * @param values the words for the gaps, without leading spaces
   */
  public void fill(Consumer<String> out, boolean continues, String... values) {
    boolean first = continues;
    for (Part part : parts) {
      String word = part.gap < 0 ? part.text : part.text.concat(values[part.gap]);
      out.accept(first ? " ".concat(word) : word);
      first = false;
    }
  }

  /** The filled sentence as text. */
  public String text(String... values) {
    StringBuilder text = new StringBuilder();
    fill(text::append, false, values);
    return text.toString();
  }

  /** The words that stand in the template itself, the first one with and without a space. */
  public List<String> literals() {
    List<String> literals = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      if (part.gap < 0) {
        literals.add(part.text);
        if (i == 0) {
          literals.add(" " + part.text);
        }
      }
    }
    return literals;
  }

  @Override
  public String toString() {
    return source;
  }
}
