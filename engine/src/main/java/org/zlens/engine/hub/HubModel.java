package org.zlens.engine.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.io.DataFault;

/**
 * A model in the cache.
 *
 * @param files settings and weights, and the tokenizer if it lies beside them
 * @param tokenizerOrNull the tokenizer if it lies in another repository
 */
public record HubModel(Snapshot files, Snapshot tokenizerOrNull) {
  private static final List<String> WEIGHTS = List.of(".safetensors", ".bin", ".pth");

  /** The folder to load it from. */
  public Path folder() {
    return files.folder();
  }

  /** The folder to load its tokenizer from. */
  public Path tokenizerFolder() {
    return tokenizerOrNull == null ? folder() : tokenizerOrNull.folder();
  }

  /**
   * Refuses weights whose content is not that of their name: the cache keeps contents under their
   * hashes, so that whoever has read all of one knows whether it is what was downloaded.
   *
   * @param sha256 of the one file of weights, as it was read
   * @throws ZlensException of kind DATA that says what to do
   */
  public void requireIntact(String sha256) {
    List<String> weights =
        files.files().stream().filter(file -> WEIGHTS.stream().anyMatch(file::endsWith)).toList();
    if (weights.size() != 1) {
      return;
    }
    Path file = files.path(weights.get(0));
    if (!Files.exists(file)) {
      return;
    }
    try {
      String name = file.toRealPath().getFileName().toString();
      if (ContentHash.isHash(name) && new ContentHash(name).isSha256() && !name.equals(sha256)) {
        throw new ZlensException(
            Kind.DATA,
            "the cache has another content under the name " + name + " than was downloaded",
            "remove "
                + DataFault.quote(file.toRealPath().toString())
                + " to have it fetched again");
      }
    } catch (IOException e) {
      throw DataFault.of(file, e);
    }
  }
}
