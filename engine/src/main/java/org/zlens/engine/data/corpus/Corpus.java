package org.zlens.engine.data.corpus;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.zlens.engine.data.TokenRows;
import org.zlens.engine.tokenizer.Tokenizer;

/**
 * Text in files, read a document at a time however large it is.
 *
 * @param files in the order in which they are read
 * @param column where texts stand in JSON lines and Parquet
 */
public record Corpus(List<CorpusFile> files, String column) {
  /** Keeps the files from changing. */
  public Corpus {
    files = List.copyOf(files);
  }

  /**
   * The files of these paths.
   *
   * @throws org.zlens.engine.ZlensException of kind DATA if one is missing or of no known kind
   */
  public static Corpus of(List<Path> paths, String column) {
    return new Corpus(paths.stream().map(CorpusFile::of).toList(), column);
  }

  /**
   * Its tokens in rows, over and over.
   *
   * @param longest tokens after which a document is cut off
   * @param length tokens of a row
   */
  public TokenRows rows(Tokenizer tokenizer, int longest, int length) {
    return new CorpusRows(this, tokenizer, longest, length);
  }

  /** A digest of the files, of very large ones by size and both ends, and of the column. */
  public String fingerprint() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      files.forEach(file -> digest.update(file.mark()));
      digest.update(column.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The names of the files, for example {@code a.jsonl.zst and 3 more}. */
  public String name() {
    String first = files.get(0).path().getFileName().toString();
    return files.size() == 1 ? first : first + " and " + (files.size() - 1) + " more";
  }
}
