package org.zlens.engine.io;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The SHA-256 of a file as it was when this was made. Reading a large file takes seconds, so that
 * happens when the digest is first asked for; a file that has changed by then is an error, never a
 * digest of something else.
 */
public final class FileDigest {
  private final FileVersion version;
  private String sha256;

  private FileDigest(FileVersion version, String sha256) {
    this.version = version;
    this.sha256 = sha256;
  }

  /** The digest of a file, which is not read yet. */
  public static FileDigest of(Path path) {
    return new FileDigest(FileVersion.of(path), null);
  }

  /** A digest that is known, or an empty text for what is in no file. */
  public static FileDigest known(String sha256) {
    return new FileDigest(null, sha256);
  }

  /**
   * 64 lower-case hexadecimal digits; reads the file at the first call.
   *
   * @throws org.zlens.engine.ZlensException of kind DATA if the file has changed or cannot be read
   */
  public synchronized String sha256() {
    if (sha256 == null) {
      version.requireUnchanged();
      String read = FileHash.sha256(version.path());
      version.requireUnchanged();
      sha256 = read;
    }
    return sha256;
  }

  /** The digest if it is known without reading anything. */
  public synchronized Optional<String> ifKnown() {
    return Optional.ofNullable(sha256);
  }

  /** Which content this is of, for comparisons inside this process; reads nothing. */
  public String identity() {
    return version == null ? sha256 : version.toString();
  }

  @Override
  public String toString() {
    return identity();
  }
}
