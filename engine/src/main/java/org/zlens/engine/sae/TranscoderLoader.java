package org.zlens.engine.sae;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.io.DataFault;

/** Brings transcoders from files into native memory. */
public final class TranscoderLoader {
  private TranscoderLoader() {}

  /** The transcoders that a path stands for: itself, or those among a folder's entries. */
  public static List<Path> parts(Path path) {
    if (TranscoderReader.isTranscoder(path)) {
      return List.of(path);
    }
    if (!Files.isDirectory(path) || SaeReader.isSae(path)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(path)) {
      return entries.filter(TranscoderReader::isTranscoder).sorted().toList();
    } catch (IOException e) {
      throw DataFault.of(path, e);
    }
  }

  /**
   * Reads transcoders of MLPs; the caller owns them.
   *
   * @param input the site that they read, for files that do not name it; null to rely on the file
   * @throws org.zlens.engine.ZlensException of kind DATA that names the file that cannot be read
   */
  public static List<LoadedTranscoder> load(List<Path> paths, Location input) {
    List<LoadedTranscoder> all = new ArrayList<>();
    try {
      for (Path path : paths) {
        all.add(load(path, input));
      }
      return all;
    } catch (RuntimeException e) {
      all.forEach(one -> one.transcoder().close());
      throw e;
    }
  }

  private static LoadedTranscoder load(Path path, Location input) {
    TranscoderWeights weights =
        input == null
            ? TranscoderReader.read(path, null, null)
            : TranscoderReader.read(
                path, input.canonical(), Location.of(Site.MLP_OUT, input.layer()).canonical());
    return new LoadedTranscoder(
        weights.toTranscoder(),
        path.toString(),
        weights.normalization(),
        weights.basis(),
        weights.source());
  }
}
