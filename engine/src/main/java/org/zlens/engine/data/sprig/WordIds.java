package org.zlens.engine.data.sprig;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.tokenizer.ByteLevel;
import org.zlens.engine.train.BpeTrainer;

/**
 * The token id of each word of {@link Sprig#words}, looked up without a tokenizer.
 *
 * <p>Training text is made of whole tokens, so a table is all that it takes to encode it.
 */
public final class WordIds {
  private final Map<String, Integer> ids;
  private final int beginning;
  private final int vocabularySize;

  private WordIds(Map<String, Integer> ids, int beginning, int vocabularySize) {
    this.ids = ids;
    this.beginning = beginning;
    this.vocabularySize = vocabularySize;
  }

  /** The ids of the vocabulary in the jar. */
  public static WordIds standard() {
    return of(Sprig.tokenizerJson());
  }

  /** The ids of a {@code tokenizer.json} in which every word is one token. */
  public static WordIds of(byte[] tokenizerJson) {
    JsonNode root;
    try {
      root = new ObjectMapper().readTree(tokenizerJson);
    } catch (IOException e) {
      throw new ZlensException(Kind.DATA, "the tokenizer file is not JSON", null, e);
    }
    JsonNode vocabulary = root.path("model").path("vocab");
    Map<String, Integer> ids = new HashMap<>();
    for (String word : Sprig.words()) {
      JsonNode id = vocabulary.get(ByteLevel.spell(word));
      if (id == null) {
        throw new ZlensException(
            Kind.DATA, "the tokenizer file has no single token for '" + word + "'", null);
      }
      ids.put(word, id.intValue());
    }
    for (JsonNode added : root.path("added_tokens")) {
      if (added.path("content").asText().equals(BpeTrainer.END_OF_TEXT)) {
        int id = added.path("id").intValue();
        return new WordIds(ids, id, Math.max(vocabulary.size(), id + 1));
      }
    }
    throw new ZlensException(
        Kind.DATA, "the tokenizer file has no token " + BpeTrainer.END_OF_TEXT, null);
  }

  /** The id of a word as it stands in text, leading space included. */
  public int id(String word) {
    Integer id = ids.get(word);
    if (id == null) {
      throw new ZlensException(
          Kind.DATA, "the embedded model's language has no word '" + word + "'", null);
    }
    return id;
  }

  /** The id of the token that begins each row and separates documents. */
  public int beginning() {
    return beginning;
  }

  /** Number of tokens of the vocabulary, the beginning-of-text token included. */
  public int vocabularySize() {
    return vocabularySize;
  }
}
