package org.zlens.engine.sae;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.zlens.engine.hook.Location;
import org.zlens.engine.io.EmbeddedFolder;
import org.zlens.engine.io.JsonSettings;

/** Brings SAEs from files, or the embedded model's own, into native memory. */
public final class SaeLoader {
  /** Sites of the embedded SAEs in each layer, as their folders are called. */
  private static final List<String> SPRIG_SITES = List.of("attn.hook_z", "hook_resid_pre");

  private static final String[] FILES = {
    "cfg.json", "sae_weights.safetensors", "sparsity.safetensors"
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
    for (int layer = 0; layer < layers; layer++) {
      for (String site : SPRIG_SITES) {
        try (EmbeddedFolder folder = EmbeddedFolder.open(folder(layer, site), FILES)) {
          all.add(named("sprig", SaeReader.read(folder.path())));
        }
      }
    }
    return all;
  }

  /** Numbers of features of the embedded model's SAEs, from their settings alone. */
  public static Map<Location, Integer> sprigSizes(int layers) {
    Map<Location, Integer> sizes = new LinkedHashMap<>();
    for (int layer = 0; layer < layers; layer++) {
      for (String site : SPRIG_SITES) {
        try (EmbeddedFolder folder = EmbeddedFolder.open(folder(layer, site), FILES[0])) {
          SaeLensSettings settings =
              SaeLensSettings.of(JsonSettings.read(folder.path().resolve(FILES[0])));
          sizes.put(Location.parse(settings.hookName()).orElseThrow(), settings.dSae());
        }
      }
    }
    return sizes;
  }

  private static String folder(int layer, String site) {
    return "/org/zlens/engine/sprig/saes/blocks." + layer + "." + site;
  }

  private static LoadedSae named(String name, SaeWeights weights) {
    return new LoadedSae(weights.toSae(), name, weights.config());
  }
}
