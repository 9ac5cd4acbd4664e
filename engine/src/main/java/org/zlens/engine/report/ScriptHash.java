package org.zlens.engine.report;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** Hashes by which a content security policy allows single scripts. */
public final class ScriptHash {
  private ScriptHash() {}

  /** For example {@code 'sha256-AbC='}, its quotes included. */
  public static String of(byte[] script) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(script);
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
