package org.zlens.engine.data.sprig;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.zlens.engine.data.Template;
import org.zlens.engine.tokenizer.Tokenizer;
import org.zlens.engine.train.BpeTrainer;
import org.zlens.engine.train.BpeVocabulary;

/** The embedded model's language: its words, its vocabulary and the sizes that go with them. */
public final class Sprig {
  /** Tokens in a row of training text, the beginning-of-text token included. */
  public static final int CONTEXT = 128;

  /** The class-path name of the tokenizer file. */
  public static final String TOKENIZER = "/org/zlens/engine/sprig/tokenizer.json";

  private static final int VOCABULARY_LIMIT = 2048;

  private Sprig() {}

  /** Every word that a document can hold, as it stands in text, each of which is one token. */
  public static Set<String> words() {
    Set<String> words = new TreeSet<>();
    for (PassageKind kind : PassageKind.values()) {
      for (Template template : kind.passage().templates()) {
        words.addAll(template.literals());
      }
    }
    for (var list : Lexicon.lists()) {
      list.forEach(word -> words.add(" " + word));
    }
    for (String pronoun : new String[] {"she", "he", "She", "He"}) {
      words.add(" " + pronoun);
    }
    // Digits after a stroke stand without a space.
    words.addAll(Lexicon.DIGITS);
    return words;
  }

  /** Trains the vocabulary from nothing: merges until each of {@link #words} is one token. */
  public static BpeVocabulary trainVocabulary() {
    Map<String, Long> counts = new HashMap<>();
    words().forEach(word -> counts.put(word, 1L));
    return new BpeTrainer(VOCABULARY_LIMIT).train(counts);
  }

  /** The tokenizer of the embedded model. */
  public static Tokenizer tokenizer() {
    return Tokenizer.of(new ByteArrayInputStream(tokenizerJson()), "sprig");
  }

  /** The tokenizer file that is shipped inside the jar. */
  public static byte[] tokenizerJson() {
    try (InputStream in = Sprig.class.getResourceAsStream(TOKENIZER)) {
      if (in == null) {
        throw new IllegalStateException("no " + TOKENIZER + " on the class path");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
