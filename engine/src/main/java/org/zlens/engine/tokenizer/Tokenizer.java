package org.zlens.engine.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/**
 * Turns text into token ids and back, from a Hugging Face {@code tokenizer.json}.
 *
 * <p>Ids are those of the Hugging Face library itself. The native part is loaded at the first
 * {@link #encode}, comes out of the jar and never from a network, and does not start PyTorch.
 * Instances may be used from several threads.
 */
public final class Tokenizer implements AutoCloseable {
  private final String name;
  private final byte[] json;
  private final TokenTable table;
  private final SpecialTokens special;
  private HuggingFaceTokenizer encoder;

  private Tokenizer(byte[] json, String name) {
    this.name = name;
    this.json = json;
    this.table = TokenTable.read(json, name);
    this.special = table.special();
  }

  private Tokenizer(Tokenizer other, SpecialTokens special) {
    this.name = other.name;
    this.json = other.json;
    this.table = other.table;
    this.special = special;
  }

  /** Reads a {@code tokenizer.json} file. */
  public static Tokenizer of(Path file) {
    try {
      return new Tokenizer(Files.readAllBytes(file), file.toString());
    } catch (NoSuchFileException e) {
      throw new ZlensException(Kind.DATA, "no tokenizer file '" + file + "'", null, e);
    } catch (IOException e) {
      throw new ZlensException(
          Kind.DATA, "cannot read tokenizer file '" + file + "': " + e.getMessage(), null, e);
    }
  }

  /**
   * Reads a {@code tokenizer.json} from a stream to its end.
   *
   * @param name what to call it in messages
   */
  public static Tokenizer of(InputStream stream, String name) {
    try {
      return new Tokenizer(stream.readAllBytes(), name);
    } catch (IOException e) {
      throw new ZlensException(
          Kind.DATA, "cannot read tokenizer '" + name + "': " + e.getMessage(), null, e);
    }
  }

  /** This tokenizer with other tokens at the ends of texts. */
  public Tokenizer with(SpecialTokens other) {
    return new Tokenizer(this, other);
  }

  /** The tokens that texts begin and end with. */
  public SpecialTokens special() {
    return special;
  }

  /** Number of ids: one more than the highest. */
  public int vocabularySize() {
    return table.size();
  }

  /**
   * The id of the beginning-of-text token.
   *
   * @throws ZlensException if the vocabulary has none
   */
  public int bosId() {
    return special
        .beginning()
        .orElseThrow(
            () ->
                new ZlensException(
                    Kind.DATA,
                    "tokenizer '" + name + "' has no beginning-of-text token",
                    "encode without one"));
  }

  /** Whether the vocabulary has a beginning-of-text token. */
  public boolean hasBos() {
    return special.beginning().isPresent();
  }

  /** Whether a beginning-of-text token goes in front of texts unless somebody says otherwise. */
  public boolean prependsBos() {
    return special.prepended();
  }

  /** Encodes text as the model's own rule has it: see {@link #prependsBos}. */
  public Tokens encode(String text) {
    return encode(text, prependsBos());
  }

  /**
   * Encodes text of any length; nothing is cut, padded or added but the token asked for.
   *
   * @param prependBos whether a beginning-of-text token goes in front
   * @throws ZlensException of kind DATA if the text begins with that token itself
   */
  public Tokens encode(String text, boolean prependBos) {
    int[] ids = ids(text);
    if (prependBos) {
      if (ids.length > 0 && ids[0] == bosId()) {
        throw new ZlensException(
            Kind.DATA,
            "the text begins with the beginning-of-text token '" + piece(ids[0]) + "' already",
            "leave it out, or say 'nobos'");
      }
      int[] with = new int[ids.length + 1];
      with[0] = bosId();
      System.arraycopy(ids, 0, with, 1, ids.length);
      ids = with;
    }
    return new Tokens(ids, Pieces.of(table, ids), prependBos);
  }

  /** The ids of a text, without any added token. */
  public int[] ids(String text) {
    checkCharacters(text);
    if (text.isEmpty()) {
      return new int[0];
    }
    long[] ids = encoder().encode(text, false, false).getIds();
    int[] narrow = new int[ids.length];
    for (int i = 0; i < ids.length; i++) {
      narrow[i] = Math.toIntExact(ids[i]);
    }
    return narrow;
  }

  /**
   * Tokens from ids that are given as they are.
   *
   * @param prependedBos whether position 0 counts as an added beginning-of-text token
   * @throws ZlensException if an id is outside the vocabulary
   */
  public Tokens tokens(int[] ids, boolean prependedBos) {
    return new Tokens(ids, Pieces.of(table, ids), prependedBos);
  }

  /**
   * The text of ids, special tokens included; bytes that make no character become U+FFFD.
   *
   * @throws ZlensException if an id is outside the vocabulary
   */
  public String decode(int... ids) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int id : ids) {
      bytes.writeBytes(table.bytes(id));
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /**
   * The text of one token; bytes that are no character by themselves stand as {@code \xE2}.
   *
   * @throws ZlensException if the id is outside the vocabulary
   */
  public String piece(int id) {
    return table.piece(id);
  }

  /** The text of each token; see {@link #piece}. */
  public List<String> pieces(int... ids) {
    List<String> pieces = new ArrayList<>(ids.length);
    for (int id : ids) {
      pieces.add(table.piece(id));
    }
    return pieces;
  }

  /** The token whose text is exactly this, leading space included, if there is one. */
  public OptionalInt idOf(String exactTokenText) {
    return table.idOf(exactTokenText);
  }

  /**
   * The id of a text that must be a single token.
   *
   * @throws ZlensException that shows the tokens the text falls into
   */
  public int singleId(String exactTokenText) {
    OptionalInt id = idOf(exactTokenText);
    if (id.isPresent()) {
      return id.getAsInt();
    }
    int[] ids = ids(exactTokenText);
    // A space in front is what is missing most often: most words are tokens only with it.
    boolean spaced = !exactTokenText.startsWith(" ") && idOf(" " + exactTokenText).isPresent();
    throw new ZlensException(
        Kind.DATA,
        "expected a single token, but '"
            + exactTokenText
            + "' is "
            + ids.length
            + ": "
            + new Tokens(ids, Pieces.of(table, ids), false),
        spaced ? "' " + exactTokenText + "', with a space in front, is a single token" : null);
  }

  @Override
  public synchronized void close() {
    if (encoder != null) {
      encoder.close();
      encoder = null;
    }
  }

  private static void checkCharacters(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        throw new ZlensException(
            Kind.DATA,
            String.format("the text has half a character (U+%04X) at index %d", (int) c, i),
            "pairs of surrogates must stand together");
      }
    }
  }

  private synchronized HuggingFaceTokenizer encoder() {
    if (encoder == null) {
      // Where a GPU is found, DJL would otherwise fetch a build for it, and report its start.
      setIfAbsent("RUST_FLAVOR", "cpu");
      setIfAbsent("ai.djl.offline", "true");
      try {
        encoder =
            HuggingFaceTokenizer.newInstance(
                new ByteArrayInputStream(json),
                Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "false"));
      } catch (IOException | RuntimeException e) {
        throw new ZlensException(
            Kind.DATA, "cannot use tokenizer '" + name + "': " + e.getMessage(), null, e);
      }
    }
    return encoder;
  }

  private static void setIfAbsent(String property, String value) {
    if (System.getProperty(property) == null && System.getenv(property) == null) {
      System.setProperty(property, value);
    }
  }
}
