package org.zlens.engine.data.corpus;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.zlens.engine.io.DataFault;
import org.zlens.engine.io.FileHash;

/**
 * A file of documents, whose kind its name tells: {@code .txt}, {@code .jsonl} or {@code .parquet},
 * the first two also with {@code .gz} or {@code .zst} behind.
 *
 * @param format of the documents
 * @param packing around them
 */
public record CorpusFile(Path path, Format format, Packing packing) {
  /** Window of a zstd frame that is still read, as a power of two; the tool's own limit. */
  private static final int LARGEST_WINDOW = 27;

  private static final int FINGERPRINT_PART = 1 << 20;
  private static final long LARGEST_DIGESTED = 64 << 20;

  /** How documents stand in a file. */
  public enum Format {
    TXT,
    JSONL,
    PARQUET
  }

  /** How a file is compressed as a whole. */
  public enum Packing {
    NONE,
    GZ,
    ZST
  }

  /**
   * A file by its name.
   *
   * @throws org.zlens.engine.ZlensException of kind DATA if there is none, or its name tells no
   *     kind
   */
  public static CorpusFile of(Path path) {
    if (!Files.isRegularFile(path)) {
      throw DataFault.in(path, Files.isDirectory(path) ? "is a folder" : "no such file");
    }
    return byName(path)
        .orElseThrow(
            () ->
                DataFault.in(
                    path,
                    "has a name that tells no kind of text",
                    "it should end in .txt, .jsonl or .parquet; the first two also with .gz or"
                        + " .zst behind"));
  }

  /** What a name tells of a file's kind; nothing is opened. */
  public static Optional<CorpusFile> byName(Path path) {
    String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
    Packing packing = Packing.NONE;
    if (name.endsWith(".gz")) {
      packing = Packing.GZ;
      name = name.substring(0, name.length() - 3);
    } else if (name.endsWith(".zst")) {
      packing = Packing.ZST;
      name = name.substring(0, name.length() - 4);
    }
    Format format = null;
    if (name.endsWith(".txt")) {
      format = Format.TXT;
    } else if (name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
      format = Format.JSONL;
    } else if (name.endsWith(".parquet") && packing == Packing.NONE) {
      format = Format.PARQUET;
    }
    return format == null ? Optional.empty() : Optional.of(new CorpusFile(path, format, packing));
  }

  /** Its documents from the first on; {@code column} is where texts stand in JSON and Parquet. */
  Documents open(String column) {
    if (format == Format.PARQUET) {
      return new ParquetDocuments(path, column);
    }
    BoundedLines lines = lines();
    return format == Format.TXT ? new TextDocuments(lines) : new JsonLinesDocuments(lines, column);
  }

  /** Its lines from the first on, of a file that has such. */
  BoundedLines lines() {
    return new BoundedLines(path, stream());
  }

  private InputStream stream() {
    InputStream raw = null;
    try {
      raw = new BufferedInputStream(Files.newInputStream(path), 1 << 16);
      return switch (packing) {
        case NONE -> raw;
        case GZ -> new GZIPInputStream(raw, 1 << 16);
        case ZST -> new ZstdInputStream(raw).setLongMax(LARGEST_WINDOW);
      };
    } catch (IOException e) {
      closeQuietly(raw);
      throw DataFault.in(path, "cannot be opened (" + e.getMessage() + ")");
    }
  }

  private static void closeQuietly(InputStream raw) {
    if (raw != null) {
      try {
        raw.close();
      } catch (IOException ignored) {
        // The failure that brought us here is thrown already.
      }
    }
  }

  /** Bytes on the disk. */
  public long bytes() {
    try {
      return Files.size(path);
    } catch (IOException e) {
      throw DataFault.of(path, e);
    }
  }

  /**
   * What tells this file from another: its digest, or, where reading all of it would take long, the
   * size and the bytes at both ends.
   */
  byte[] mark() {
    try (FileChannel channel = FileChannel.open(path)) {
      long size = channel.size();
      if (size <= LARGEST_DIGESTED) {
        return FileHash.sha256(path).getBytes(StandardCharsets.US_ASCII);
      }
      int part = (int) Math.min(size, FINGERPRINT_PART);
      ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + 2 * part).putLong(size);
      read(channel, 0, bytes.limit(Long.BYTES + part));
      read(channel, size - part, bytes.limit(Long.BYTES + 2 * part));
      return bytes.array();
    } catch (IOException e) {
      throw DataFault.of(path, e);
    }
  }

  private static void read(FileChannel channel, long from, ByteBuffer bytes) throws IOException {
    long at = from;
    while (bytes.hasRemaining()) {
      int count = channel.read(bytes, at);
      if (count < 0) {
        throw new IOException("the file became shorter");
      }
      at += count;
    }
  }
}
