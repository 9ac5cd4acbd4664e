package org.zlens.engine.sae;

import java.nio.file.Path;
import java.util.Map;
import org.zlens.engine.io.FileDigest;

/**
 * Where an SAE was read from.
 *
 * @param format the name of the format, for example {@code saelens-v6}
 * @param path the file or folder as the user named it
 * @param digest of the file with the weights, which is read when somebody asks
 * @param notes settings of the training that do not change the numbers, as texts
 */
public record SaeSource(String format, Path path, FileDigest digest, Map<String, String> notes) {
  /** Something that this program made, which is in no file yet. */
  public static SaeSource made(Path path, Map<String, String> notes) {
    return new SaeSource("zlens", path, FileDigest.known(""), notes);
  }

  /** SHA-256 of the file with the weights, which is read at the first call. */
  public String sha256() {
    return digest.sha256();
  }

  /** Copies the notes. */
  public SaeSource {
    notes = Map.copyOf(notes);
  }
}
