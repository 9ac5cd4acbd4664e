package org.zlens.engine.data.corpus;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.zlens.engine.ZlensException;
import org.zlens.engine.io.DataFault;

/** Lines of UTF-8 text, of which none may be longer than a limit. */
final class BoundedLines implements AutoCloseable {
  /** Bytes of the longest line that is read. */
  static final int LONGEST = 16 << 20;

  private final Path file;
  private final InputStream in;
  private byte[] line = new byte[1 << 12];
  private final byte[] window = new byte[1 << 16];
  private int at;
  private int end;
  private long number;

  BoundedLines(Path file, InputStream in) {
    this.file = file;
    this.in = in;
  }

  /** The next line without its end, or null after the last. */
  String next() {
    try {
      int length = 0;
      while (true) {
        if (at == end) {
          end = in.read(window);
          at = 0;
          if (end <= 0) {
            end = 0;
            return length == 0 ? null : text(length);
          }
        }
        int stop = at;
        while (stop < end && window[stop] != '\n') {
          stop++;
        }
        length = append(length, stop);
        boolean whole = stop < end;
        at = whole ? stop + 1 : stop;
        if (whole) {
          return text(length);
        }
      }
    } catch (IOException e) {
      throw DataFault.in(file, "cannot be read after line " + number + " (" + e.getMessage() + ")");
    }
  }

  private int append(int length, int stop) {
    int more = length + stop - at;
    if (more > LONGEST) {
      throw DataFault.in(
          file, "line " + (number + 1) + " is longer than " + (LONGEST >> 20) + " MiB");
    }
    if (more > line.length) {
      line = Arrays.copyOf(line, Math.max(more, 2 * line.length));
    }
    System.arraycopy(window, at, line, length, stop - at);
    return more;
  }

  private String text(int length) {
    number++;
    int shown = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line, 0, shown)).toString();
    } catch (CharacterCodingException e) {
      throw DataFault.in(file, "line " + number + " is not UTF-8");
    }
  }

  /** An error about the line that was read last. */
  ZlensException fault(String message, String hint) {
    return DataFault.in(file, "line " + number + " " + message, hint);
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException ignored) {
      // What was read is read; nothing was written.
    }
  }
}
