package org.zlens.engine.sae;

import java.nio.file.Path;
import java.util.Map;

/**
 * Where an SAE was read from.
 *
 * @param format the name of the format, for example {@code saelens-v6}
 * @param path the file or folder as the user named it
 * @param sha256 of the file with the weights
 * @param notes settings of the training that do not change the numbers, as texts
 */
public record SaeSource(String format, Path path, String sha256, Map<String, String> notes) {
  /** Copies the notes. */
  public SaeSource {
    notes = Map.copyOf(notes);
  }
}
