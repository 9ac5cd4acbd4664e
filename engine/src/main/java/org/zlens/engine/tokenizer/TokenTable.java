package org.zlens.engine.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/**
 * What each id of a {@code tokenizer.json} stands for, read without native code.
 *
 * <p>Byte-level vocabularies (GPT-2) spell bytes; the others (SentencePiece) spell a space as
 * {@code ▁} and single bytes as {@code <0x0A>}.
 */
final class TokenTable {
  private static final List<String> BEGINNINGS =
      List.of("<bos>", "<s>", "<|BOS|>", "<|begin_of_text|>", "<|endoftext|>");
  private static final List<String> ENDS =
      List.of("<eos>", "</s>", "<|EOS|>", "<|end_of_text|>", "<|endoftext|>");
  private static final String LOW_LINE = "\u2581";

  private final String name;
  private final boolean byteLevel;
  private final String[] spelled;
  private final boolean[] added;
  private final Map<String, Integer> ids;

  private TokenTable(String name, boolean byteLevel, int size, Map<String, Integer> ids) {
    this.name = name;
    this.byteLevel = byteLevel;
    this.spelled = new String[size];
    this.added = new boolean[size];
    this.ids = ids;
  }

  static TokenTable read(byte[] json, String name) {
    JsonNode root;
    try {
      root = new ObjectMapper().readTree(json);
    } catch (IOException e) {
      throw new ZlensException(
          Kind.DATA, "tokenizer '" + name + "' is not JSON", "a tokenizer.json is expected", e);
    }
    JsonNode vocabulary = root.path("model").path("vocab");
    Map<String, Integer> ids = new HashMap<>();
    if (vocabulary.isObject()) {
      vocabulary.properties().forEach(entry -> ids.put(entry.getKey(), id(entry.getValue(), name)));
    } else if (vocabulary.isArray()) {
      for (int i = 0; i < vocabulary.size(); i++) {
        ids.putIfAbsent(vocabulary.get(i).path(0).asText(), i);
      }
    }
    if (ids.isEmpty()) {
      throw new ZlensException(
          Kind.DATA,
          "tokenizer '" + name + "' has no vocabulary at model.vocab",
          "a Hugging Face tokenizer.json is expected");
    }
    for (JsonNode token : root.path("added_tokens")) {
      ids.put(token.path("content").asText(), id(token.path("id"), name));
    }
    int size = 1 + ids.values().stream().mapToInt(Integer::intValue).max().orElseThrow();
    if (size > 4 * (ids.size() + 1024)) {
      throw new ZlensException(
          Kind.DATA,
          "tokenizer '" + name + "' gives " + ids.size() + " tokens ids up to " + (size - 1),
          null);
    }
    TokenTable table = new TokenTable(name, byteLevel(root), size, ids);
    ids.forEach((token, id) -> table.spelled[id] = token);
    for (JsonNode token : root.path("added_tokens")) {
      table.added[token.path("id").intValue()] = true;
    }
    return table;
  }

  private static int id(JsonNode node, String name) {
    if (!node.isIntegralNumber() || node.longValue() < 0 || node.longValue() > 1 << 24) {
      throw new ZlensException(
          Kind.DATA, "tokenizer '" + name + "' has a token with the id '" + node + "'", null);
    }
    return node.intValue();
  }

  private static boolean byteLevel(JsonNode root) {
    for (String part : new String[] {"decoder", "pre_tokenizer"}) {
      for (JsonNode type : root.path(part).findValues("type")) {
        if (type.asText().equals("ByteLevel")) {
          return true;
        }
      }
    }
    return false;
  }

  int size() {
    return spelled.length;
  }

  private OptionalInt beginning() {
    for (String token : BEGINNINGS) {
      Integer id = ids.get(token);
      if (id != null) {
        return OptionalInt.of(id);
      }
    }
    return OptionalInt.empty();
  }

  /** What begins and ends texts by the names that vocabularies usually have for it. */
  SpecialTokens special() {
    OptionalInt beginning = beginning();
    Set<Integer> ends = new TreeSet<>();
    for (String token : ENDS) {
      if (ids.containsKey(token)) {
        ends.add(ids.get(token));
      }
    }
    return new SpecialTokens(beginning, beginning.isPresent(), ends, false);
  }

  OptionalInt idOf(String text) {
    Integer id = ids.get(byteLevel ? ByteLevel.spell(text) : text.replace(" ", LOW_LINE));
    if (id == null || added[id]) {
      id = ids.get(text);
      if (id != null && !added[id]) {
        id = null;
      }
    }
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /** The bytes of a token's text; a byte that is not yet a character is still there. */
  byte[] bytes(int id) {
    String token = spelled[checked(id)];
    if (token == null) {
      return ("<unused " + id + ">").getBytes(StandardCharsets.UTF_8);
    }
    if (!added[id]) {
      if (byteLevel) {
        byte[] bytes = ByteLevel.bytes(token);
        if (bytes != null) {
          return bytes;
        }
      } else if (token.matches("<0x[0-9A-Fa-f]{2}>")) {
        return new byte[] {(byte) Integer.parseInt(token.substring(3, 5), 16)};
      } else {
        token = token.replace(LOW_LINE, " ");
      }
    }
    return token.getBytes(StandardCharsets.UTF_8);
  }

  /** The text of one token; bytes that are no character by themselves stand as {@code \xE2}. */
  String piece(int id) {
    byte[] bytes = bytes(id);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      StringBuilder piece = new StringBuilder();
      for (byte b : bytes) {
        if (b >= 0) {
          piece.append((char) b);
        } else {
          piece.append(String.format("\\x%02X", b & 0xFF));
        }
      }
      return piece.toString();
    }
  }

  private int checked(int id) {
    if (id < 0 || id >= spelled.length) {
      throw new ZlensException(
          Kind.DATA,
          "no token " + id + " in the vocabulary of '" + name + "'",
          "ids run from 0 to " + (spelled.length - 1));
    }
    return id;
  }
}
