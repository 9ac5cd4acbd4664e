package org.zlens.engine.sae;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.zlens.engine.hook.Location;
import org.zlens.engine.io.EmbeddedFolder;
import org.zlens.engine.io.JsonSettings;
import org.zlens.engine.model.ModelLoader;

/** Brings SAEs from files, or the embedded model's own, into native memory. */
public final class SaeLoader {
  /** Sites of the embedded SAEs in each layer, as their folders are called. */
  private static final List<String> SPRIG_SITES = List.of("attn.hook_z", "hook_resid_pre");

  private static final String SETTINGS = "cfg.json";

  private static final String[] FILES = {
    SETTINGS, "sae_weights.safetensors", "sparsity.safetensors"
  };

  private SaeLoader() {}

  /** Reads an SAE from a file or folder of any known format; the caller owns it. */
  public static Sae load(Path path) {
    return SaeReader.read(path).toSae();
  }

  /**
   * Reads an SAE from a file or folder of any known format, with where it came from; the caller
   * owns it.
   *
   * @param hookName the site, for formats that do not name it; null to rely on the file
   */
  public static LoadedSae load(Path path, String hookName) {
    return named(path.toString(), SaeReader.read(path, hookName));
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
   * The number of features of an SAE by its location, from its settings alone; empty if its format
   * has no settings that can be read without the weights.
   */
  public static Map<Location, Integer> sizes(Path path) {
    Path file = path.resolve(SETTINGS);
    if (!Files.isRegularFile(file)) {
      return Map.of();
    }
    SaeLensSettings settings = SaeLensSettings.of(JsonSettings.read(file));
    return Optional.ofNullable(settings.hookName())
        .flatMap(Location::parse)
        .map(location -> Map.of(location, settings.dSae()))
        .orElse(Map.of());
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
