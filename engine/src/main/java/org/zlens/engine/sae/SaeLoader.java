package org.zlens.engine.sae;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Location;
import org.zlens.engine.io.EmbeddedFolder;
import org.zlens.engine.io.JsonSettings;
import org.zlens.engine.model.ModelLoader;

/** Brings SAEs from files, or the embedded model's own, into native memory. */
public final class SaeLoader {
  /** Sites of the embedded SAEs in each layer, as their folders are called. */
  private static final List<String> SPRIG_SITES = List.of("hook_resid_pre", "attn.hook_z");

  private static final String SETTINGS = "cfg.json";

  private static final String[] FILES = {
    SETTINGS, "sae_weights.safetensors", "sparsity.safetensors"
  };

  private SaeLoader() {}

  /**
   * Opens an SAE in a file or folder of any known format; the caller owns it. Its matrices are read
   * at the first use, which fails if the file is gone or has changed by then.
   */
  public static Sae load(Path path) {
    return SaeReader.open(path, null).toSae();
  }

  /**
   * Opens an SAE in a file or folder of any known format, with where it came from; the caller owns
   * it. Its matrices are read at the first use.
   *
   * @param hookName the site, for formats that do not name it; null to rely on the file
   */
  public static LoadedSae load(Path path, String hookName) {
    return named(path.toString(), SaeReader.open(path, hookName));
  }

  /**
   * Opens the SAEs of a folder that has one in each of its entries, in the order of their names, or
   * the one SAE that the path itself is; the caller owns them.
   *
   * @param hookName the site of a single SAE, for formats that do not name it; else null
   */
  public static List<LoadedSae> loadAll(Path path, String hookName) {
    List<LoadedSae> all = new ArrayList<>();
    try {
      for (Path one : parts(path)) {
        all.add(load(one, hookName));
      }
      return all;
    } catch (RuntimeException e) {
      all.forEach(one -> one.sae().close());
      throw e;
    }
  }

  /** Whether a path is an SAE, or a folder with one at least among its entries. */
  public static boolean hasSaes(Path path) {
    return parts(path).stream().anyMatch(SaeLoader::isSaeAlone);
  }

  /** The path itself, or the SAEs among its entries where it is none. */
  private static List<Path> parts(Path path) {
    if (SaeReader.isSae(path) || !Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> entries = Files.list(path)) {
      List<Path> parts = entries.filter(SaeLoader::isSaeAlone).sorted().toList();
      return parts.isEmpty() ? List.of(path) : parts;
    } catch (IOException e) {
      throw new ZlensException(
          Kind.DATA, "cannot list the folder '" + path + "': " + e.getMessage(), null, e);
    }
  }

  private static boolean isSaeAlone(Path path) {
    return SaeReader.isSae(path) && !TranscoderReader.isTranscoder(path);
  }

  /** The SAEs shipped with the embedded model; the caller owns them. */
  public static List<LoadedSae> sprig(int layers) {
    List<LoadedSae> all = new ArrayList<>();
    for (String from : sprigFolders(layers)) {
      try (EmbeddedFolder folder = EmbeddedFolder.open(from, FILES)) {
        all.add(named(ModelLoader.SPRIG, SaeReader.read(folder.path())));
      } catch (RuntimeException e) {
        all.forEach(one -> one.sae().close());
        throw e;
      }
    }
    return all;
  }

  /** Numbers of features of the embedded model's SAEs, from their settings alone. */
  public static Map<Location, Integer> sprigSizes(int layers) {
    Map<Location, Integer> sizes = new LinkedHashMap<>();
    for (String from : sprigFolders(layers)) {
      try (EmbeddedFolder folder = EmbeddedFolder.open(from, SETTINGS)) {
        sizes.putAll(sizes(folder.path()));
      }
    }
    return sizes;
  }

  /**
   * The numbers of features of the SAEs of {@link #loadAll}, from their settings alone; empty if
   * one of them has no settings that can be read without its weights.
   */
  public static Map<Location, Integer> sizes(Path path) {
    Map<Location, Integer> sizes = new LinkedHashMap<>();
    for (Path one : parts(path)) {
      Path file = one.resolve(SETTINGS);
      if (!Files.isRegularFile(file) || TranscoderReader.isTranscoder(one)) {
        return Map.of();
      }
      SaeLensSettings settings = SaeLensSettings.of(JsonSettings.read(file));
      Optional<Location> at = Optional.ofNullable(settings.hookName()).flatMap(Location::parse);
      if (at.isEmpty()) {
        return Map.of();
      }
      sizes.put(at.get(), settings.dSae());
    }
    return sizes;
  }

  /** The folders of the embedded SAEs that this build has. */
  private static List<String> sprigFolders(int layers) {
    List<String> folders = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      for (String site : SPRIG_SITES) {
        String folder = "/org/zlens/engine/sprig/saes/blocks." + layer + "." + site;
        if (EmbeddedFolder.has(folder + "/" + SETTINGS)) {
          folders.add(folder);
        }
      }
    }
    return folders;
  }

  private static LoadedSae named(String name, SaeWeights weights) {
    return new LoadedSae(weights.toSae(), name, weights.config());
  }
}
