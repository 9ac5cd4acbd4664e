package org.zlens.engine.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * GPT-2's byte-level view of text: one printable character for each byte, and the rule that cuts
 * text into words before any merge.
 *
 * <p>The 256 characters are those of OpenAI's {@code bytes_to_unicode}; their order by code point
 * is the order of the first 256 ids of a byte-level vocabulary.
 */
public final class ByteLevel {
  private static final char[] CHARACTER_OF_BYTE = new char[256];
  private static final int[] BYTE_OF_CHARACTER = new int[512];
  private static final Pattern WORD =
      Pattern.compile(
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
          Pattern.UNICODE_CHARACTER_CLASS);

  static {
    Arrays.fill(BYTE_OF_CHARACTER, -1);
    int next = 256;
    for (int b = 0; b < 256; b++) {
      boolean printable = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
      CHARACTER_OF_BYTE[b] = (char) (printable ? b : next++);
      BYTE_OF_CHARACTER[CHARACTER_OF_BYTE[b]] = b;
    }
  }

  private ByteLevel() {}

  /** Text as it is spelled in a byte-level vocabulary: {@code " the"} becomes {@code "Ġthe"}. */
  public static String spell(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    char[] spelled = new char[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      spelled[i] = CHARACTER_OF_BYTE[bytes[i] & 0xFF];
    }
    return new String(spelled);
  }

  /**
   * The bytes behind a spelled token, or null if the token has a character that stands for no byte.
   */
  public static byte[] bytes(String spelled) {
    byte[] bytes = new byte[spelled.length()];
    for (int i = 0; i < bytes.length; i++) {
      char c = spelled.charAt(i);
      int b = c < BYTE_OF_CHARACTER.length ? BYTE_OF_CHARACTER[c] : -1;
      if (b < 0) {
        return null;
      }
      bytes[i] = (byte) b;
    }
    return bytes;
  }

  /** The 256 characters in the order of their ids. */
  public static List<String> alphabet() {
    List<String> alphabet = new ArrayList<>(256);
    for (int c = 0; c < BYTE_OF_CHARACTER.length; c++) {
      if (BYTE_OF_CHARACTER[c] >= 0) {
        alphabet.add(String.valueOf((char) c));
      }
    }
    return alphabet;
  }

  /** Cuts text into the words within which GPT-2 merges; joined, they are the text again. */
  public static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(text);
    while (matcher.find()) {
      words.add(matcher.group());
    }
    return words;
  }
}
