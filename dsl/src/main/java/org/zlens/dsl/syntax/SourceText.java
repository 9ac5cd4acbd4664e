package org.zlens.dsl.syntax;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.io.FileHash;

/**
 * The text of one script, line or file, with the name that errors call it by.
 *
 * <p>Lines and columns count from 1; a column counts code points, so that a character outside the
 * basic plane is one column.
 */
public final class SourceText {
  private static final int LIMIT = 16 << 20;

  private final String name;
  private final String text;
  private final Path path;
  private final int[] lineStarts;
  private String sha256;

  public SourceText(String name, String text) {
    this(name, text, null);
  }

  private SourceText(String name, String text, Path path) {
    this.path = path;
    this.name = name;
    this.text = text;
    this.lineStarts = lineStarts(text);
  }

  /** The text of a UTF-8 file, named as the user named it. */
  public static SourceText read(Path path, String name) {
    try {
      if (Files.isDirectory(path)) {
        throw new ZlensException(Kind.DATA, "'" + name + "' is a folder, not a script", null);
      }
      byte[] bytes;
      // What is no regular file has no size to ask for: it may never end.
      try (InputStream in = Files.newInputStream(path)) {
        bytes = in.readNBytes(LIMIT + 1);
      }
      if (bytes.length > LIMIT) {
        throw new ZlensException(
            Kind.DATA, "'" + name + "' has more than the " + LIMIT + " bytes of a script", null);
      }
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)) + "";
      return new SourceText(name, text.startsWith("\uFEFF") ? text.substring(1) : text, path);
    } catch (NoSuchFileException e) {
      throw new ZlensException(Kind.DATA, "no file '" + name + "'", null, e);
    } catch (CharacterCodingException e) {
      throw new ZlensException(Kind.DATA, "'" + name + "' is not UTF-8 text", null, e);
    } catch (IOException e) {
      throw new ZlensException(Kind.DATA, "cannot read '" + name + "': " + e.getMessage(), null, e);
    }
  }

  /** The same without what stands from an offset on. */
  public SourceText upTo(int end) {
    return new SourceText(name, text.substring(0, end), path);
  }

  public String name() {
    return name;
  }

  /** The file that it was read from, or null. */
  public Path path() {
    return path;
  }

  public String text() {
    return text;
  }

  /** The digest of the text in UTF-8. */
  public String sha256() {
    if (sha256 == null) {
      sha256 = FileHash.sha256(text.getBytes(StandardCharsets.UTF_8));
    }
    return sha256;
  }

  /** The text under a span. */
  public String slice(Span span) {
    return text.substring(span.start(), span.end());
  }

  /** The number of the line that an offset is on. */
  public int line(int offset) {
    int found = Arrays.binarySearch(lineStarts, offset);
    return found >= 0 ? found + 1 : -found - 1;
  }

  /** The column of an offset in its line. */
  public int column(int offset) {
    return text.codePointCount(lineStart(line(offset)), offset) + 1;
  }

  /** The offset at which a line starts. */
  public int lineStart(int line) {
    return lineStarts[line - 1];
  }

  /** The offset at which a line ends, before its line break. */
  public int lineEnd(int line) {
    int end = line < lineStarts.length ? lineStarts[line] - 1 : text.length();
    return end > lineStart(line) && text.charAt(end - 1) == '\r' ? end - 1 : end;
  }

  private static int[] lineStarts(String text) {
    int[] starts = new int[16];
    int count = 1;
    for (int at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
      if (count == starts.length) {
        starts = Arrays.copyOf(starts, 2 * count);
      }
      starts[count++] = at + 1;
    }
    return Arrays.copyOf(starts, count);
  }
}
