package org.zlens.engine.sae;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.zlens.engine.io.DataFault;

/** Reads an SAE from whatever file or folder it is in. */
public final class SaeReader {
  private static final List<SaeFormat> FORMATS =
      List.of(
          new SparsifyFormat(),
          new SaeLensFormat(),
          new KissaneFormat(),
          new BloomFormat(),
          new DictionaryLearningFormat(),
          new LlamaScopeFormat(),
          new GemmaScopeFormat());

  private SaeReader() {}

  /** Whether the names of the files are those of an SAE in a known format; reads none of them. */
  public static boolean isSae(Path path) {
    return FORMATS.stream().anyMatch(format -> format.matches(path));
  }

  /** Reads an SAE whose file says which site it belongs to. */
  public static SaeWeights read(Path path) {
    return read(path, null);
  }

  /** Reads an SAE as {@link #open} does, its matrices included. */
  public static SaeWeights read(Path path, String hookName) {
    return open(path, hookName).read();
  }

  /**
   * Opens an SAE: settings, names, shapes and vectors are read and checked, the two matrices when
   * they are needed.
   *
   * @param path a file, or the folder of those formats that are folders
   * @param hookName the site, for formats that do not name it, for example {@code
   *     blocks.1.attn.hook_z}; null to rely on the file
   */
  public static SaeWeights open(Path path, String hookName) {
    if (!Files.exists(path)) {
      throw DataFault.in(path, "no such file or folder");
    }
    for (SaeFormat format : FORMATS) {
      if (format.matches(path)) {
        return format.open(path, hookName);
      }
    }
    throw DataFault.in(
        path,
        "is not an SAE in a format that is read",
        FORMATS.stream().map(SaeFormat::description).collect(Collectors.joining("; ")));
  }
}
