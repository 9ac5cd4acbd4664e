package org.zlens.engine.data.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.zlens.engine.ZlensException;
import org.zlens.engine.data.AnswerPair;
import org.zlens.engine.data.Positions;
import org.zlens.engine.data.Prompt;
import org.zlens.engine.io.DataFault;
import org.zlens.engine.tokenizer.Tokenizer;

/**
 * Makes a prompt of an object such as {@code {"text": "When Ann and Bob met, Bob waved to",
 * "answer": " Ann", "over": " Bob", "labels": {"S2": [" Bob", 2], "PUNCT": 6}, "tags": {"order":
 * "ABBA"}}}.
 *
 * <p>{@code text} or {@code tokens} (a list of ids, taken as they are) must be there. A label is a
 * position, counted from 0 with the beginning-of-text token, or the token that stands there and
 * which occurrence of it is meant.
 */
final class PromptLine {
  /** A line as it may be, for hints. */
  static final String EXAMPLE = "{\"text\": \"When Ann\", \"labels\": {\"IO\": [\" Ann\", 1]}}";

  private static final Set<String> KEYS =
      new TreeSet<>(List.of("text", "tokens", "answer", "over", "labels", "tags"));
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,31}");
  private static final Set<String> PLACES = Set.of("END", "ALL");
  private static final int MOST_NAMES = 32;
  private static final int LONGEST_TEXT = 1 << 20;
  private static final int LONGEST_VALUE = 200;

  private final Tokenizer tokenizer;
  private final boolean prependBos;
  private final int context;

  PromptLine(Tokenizer tokenizer, boolean prependBos, int context) {
    this.tokenizer = tokenizer;
    this.prependBos = prependBos;
    this.context = context;
  }

  /** What is wrong with a line, to stand behind its number. */
  static final class Wrong extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String hint;

    Wrong(String message, String hint) {
      super(message, null, false, false);
      this.hint = hint;
    }

    String hint() {
      return hint;
    }
  }

  Prompt prompt(ObjectNode line) {
    for (String key : (Iterable<String>) line::fieldNames) {
      if (!KEYS.contains(key)) {
        throw new Wrong(
            "has the unknown key " + DataFault.quote(key), "keys are " + String.join(", ", KEYS));
      }
    }
    if (line.has("text") == line.has("tokens")) {
      throw new Wrong("must have either 'text' or 'tokens'", EXAMPLE);
    }
    if (line.has("answer") != line.has("over")) {
      throw new Wrong("has one of 'answer' and 'over', which come together", null);
    }
    try {
      Prompt prompt = line.has("text") ? text(line) : tokens(line.get("tokens"));
      if (prompt.tokens().size() > context) {
        throw new Wrong(
            "has " + prompt.tokens().size() + " tokens, but the context of the model is " + context,
            null);
      }
      Prompt named = prompt.withPositions(labels(line.get("labels"), prompt));
      Optional<AnswerPair> answer =
          line.has("answer")
              ? Optional.of(AnswerPair.of(tokenizer, string(line, "answer"), string(line, "over")))
              : Optional.empty();
      return new Prompt(
          named.text(), named.tokens(), named.positions(), answer, tags(line.get("tags")));
    } catch (ZlensException e) {
      throw new Wrong("is wrong: " + e.getMessage(), e.hint());
    }
  }

  private Prompt text(ObjectNode line) {
    String text = string(line, "text");
    if (text.isEmpty()) {
      throw new Wrong("has an empty text", null);
    }
    return Prompt.of(tokenizer, text, prependBos);
  }

  private static String string(ObjectNode line, String key) {
    JsonNode node = line.get(key);
    if (!node.isTextual()) {
      throw new Wrong("has no text under '" + key + "'", null);
    }
    if (node.textValue().length() > LONGEST_TEXT) {
      throw new Wrong(
          "has "
              + node.textValue().length()
              + " characters under '"
              + key
              + "', more than "
              + LONGEST_TEXT,
          null);
    }
    return node.textValue();
  }

  private Prompt tokens(JsonNode list) {
    if (!list.isArray() || list.isEmpty() || list.size() > context) {
      throw new Wrong(
          "has no list of 1 to " + context + " ids under 'tokens'", "\"tokens\": [5, 17, 3]");
    }
    int[] ids = new int[list.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = whole(list.get(i), tokenizer.vocabularySize() - 1, "an id of 'tokens'");
    }
    boolean bos = ids.length > 1 && tokenizer.hasBos() && ids[0] == tokenizer.bosId();
    return Prompt.of(tokenizer, ids, bos);
  }

  private static int whole(JsonNode node, int most, String what) {
    if (!node.isIntegralNumber()
        || !node.canConvertToInt()
        || node.intValue() < 0
        || node.intValue() > most) {
      throw new Wrong(
          "has "
              + what
              + " that is no whole number from 0 to "
              + most
              + ", found "
              + DataFault.quote(node.toString()),
          null);
    }
    return node.intValue();
  }

  private static Positions labels(JsonNode node, Prompt prompt) {
    Map<String, Integer> labels = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> label : entries(node, "labels")) {
      String name = label.getKey();
      if (PLACES.contains(name)) {
        throw new Wrong("names a label '" + name + "', which has its meaning already", null);
      }
      JsonNode place = label.getValue();
      boolean occurrence = place.isArray() && place.size() == 2 && place.get(0).isTextual();
      labels.put(
          name,
          occurrence
              ? prompt.occurrence(
                  place.get(0).textValue(),
                  whole(place.get(1), Integer.MAX_VALUE, "an occurrence of label " + name))
              : whole(place, prompt.end(), "a place of label " + name));
    }
    return new Positions(labels);
  }

  private static Map<String, String> tags(JsonNode node) {
    Map<String, String> tags = new TreeMap<>();
    for (Map.Entry<String, JsonNode> tag : entries(node, "tags")) {
      String value = tag.getValue().asText();
      if (!tag.getValue().isValueNode()
          || value.length() > LONGEST_VALUE
          || !StandardCharsets.UTF_8.newEncoder().canEncode(value)) {
        throw new Wrong(
            "has no short text under the tag '" + tag.getKey() + "'",
            "\"tags\": {\"kind\": \"a\"}");
      }
      tags.put(tag.getKey(), value);
    }
    return tags;
  }

  private static Set<Map.Entry<String, JsonNode>> entries(JsonNode node, String key) {
    if (node == null) {
      return Set.of();
    }
    if (!(node instanceof ObjectNode object) || object.size() > MOST_NAMES) {
      throw new Wrong(
          "has no object of at most " + MOST_NAMES + " names under '" + key + "'", null);
    }
    for (String name : (Iterable<String>) object::fieldNames) {
      if (!NAME.matcher(name).matches()) {
        throw new Wrong(
            "has under '" + key + "' the name " + DataFault.quote(name),
            "names are letters, digits and _, at most 32, and begin with a letter");
      }
    }
    return object.properties();
  }
}
