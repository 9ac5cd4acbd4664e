package org.zlens.engine.hub;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * By what the hub knows the content of a file, and the cache too: SHA-256 of large files, and of
 * small ones the SHA-1 that git gives them.
 *
 * @param hex lower-case hexadecimal digits, 64 or 40 of them
 */
record ContentHash(String hex) {
  private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
  private static final int SHA256_DIGITS = 64;

  static boolean isHash(String text) {
    return DIGITS.matcher(text).matches();
  }

  boolean isSha256() {
    return hex.length() == SHA256_DIGITS;
  }

  /** Starts to hash a content of so many bytes. */
  MessageDigest start(long size) {
    try {
      if (isSha256()) {
        return MessageDigest.getInstance("SHA-256");
      }
      MessageDigest git = MessageDigest.getInstance("SHA-1");
      git.update(("blob " + size + "\0").getBytes(StandardCharsets.US_ASCII));
      return git;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1 and SHA-256", e);
    }
  }

  /** Ends a digest, as digits. */
  static String end(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  @Override
  public String toString() {
    return (isSha256() ? "SHA-256 " : "git SHA-1 ") + hex;
  }
}
