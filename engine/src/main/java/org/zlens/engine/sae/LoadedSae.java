package org.zlens.engine.sae;

/**
 * An SAE, in native memory or still in its file, and where it came from; whoever holds it owns the
 * SAE.
 *
 * @param name what the user called it: a path, or {@code sprig}
 * @param config what its file says of it
 */
public record LoadedSae(Sae sae, String name, SaeConfig config) {
  /** The same SAE under another name. */
  public LoadedSae named(String other) {
    return new LoadedSae(sae, other, config);
  }

  /** Digest of the file with the weights, which is read at the first call. */
  public String sha256() {
    return config.source().sha256();
  }
}
