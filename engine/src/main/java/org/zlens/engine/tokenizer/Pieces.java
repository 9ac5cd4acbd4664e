package org.zlens.engine.tokenizer;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The texts of tokens that stand side by side, for people to read: a character that several tokens
 * make up is shown whole in each of them, with which part of it that is, as {@code 😀[1/2]} and
 * {@code 😀[2/2]}. Bytes that make no character stand as {@code \xE2}; a mark that would join the
 * character before it, which is in another token, stands on a dotted circle.
 */
final class Pieces {
  private static final String DOTTED_CIRCLE = "\u25CC";

  private final byte[] bytes;
  private final int[] owners;
  private final StringBuilder[] pieces;

  private Pieces(byte[] bytes, int[] owners, int count) {
    this.bytes = bytes;
    this.owners = owners;
    this.pieces = new StringBuilder[count];
    for (int i = 0; i < count; i++) {
      pieces[i] = new StringBuilder();
    }
  }

  /** The text of each token. */
  static List<String> of(TokenTable table, int... ids) {
    byte[][] each = new byte[ids.length][];
    int length = 0;
    for (int i = 0; i < ids.length; i++) {
      each[i] = table.bytes(ids[i]);
      length += each[i].length;
    }
    ByteBuffer all = ByteBuffer.allocate(length);
    int[] owners = new int[length];
    for (int i = 0; i < ids.length; i++) {
      Arrays.fill(owners, all.position(), all.position() + each[i].length, i);
      all.put(each[i]);
    }
    return new Pieces(all.array(), owners, ids.length).read();
  }

  private List<String> read() {
    int at = 0;
    while (at < bytes.length) {
      String character = characterAt(at);
      if (character == null) {
        pieces[owners[at]].append(String.format("\\x%02X", bytes[at] & 0xFF));
        at++;
      } else {
        int end = at + character.getBytes(StandardCharsets.UTF_8).length;
        append(character, at, end);
        at = end;
      }
    }
    List<String> read = new ArrayList<>(pieces.length);
    for (StringBuilder piece : pieces) {
      read.add(standing(piece.toString()));
    }
    return read;
  }

  private void append(String character, int from, int end) {
    int parts = 1;
    for (int i = from + 1; i < end; i++) {
      parts += owners[i] == owners[i - 1] ? 0 : 1;
    }
    int part = 0;
    for (int i = from; i < end; i++) {
      if (i > from && owners[i] == owners[i - 1]) {
        continue;
      }
      part++;
      pieces[owners[i]].append(character);
      if (parts > 1) {
        pieces[owners[i]].append('[').append(part).append('/').append(parts).append(']');
      }
    }
  }

  /** The character that begins at a byte, or null where none does. */
  private String characterAt(int at) {
    int length = length(bytes[at] & 0xFF);
    if (length == 0 || length > bytes.length - at) {
      return null;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, at, length))
          .toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /** How many bytes the first one says that a character has; 0 where none begins so. */
  private static int length(int first) {
    if (first < 0x80) {
      return 1;
    }
    return first < 0xC0 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF8 ? 4 : 0;
  }

  /** A piece on a dotted circle, if it would join what comes before it. */
  static String standing(String piece) {
    return !piece.isEmpty() && joins(piece.codePointAt(0)) ? DOTTED_CIRCLE + piece : piece;
  }

  /** Whether a character is drawn over, or joined to, the one before it. */
  private static boolean joins(int character) {
    return switch (Character.getType(character)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK ->
          true;
      default -> character == 0x200D;
    };
  }
}
