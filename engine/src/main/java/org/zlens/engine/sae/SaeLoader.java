package org.zlens.engine.sae;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.zlens.engine.io.EmbeddedFolder;

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

  /** The SAEs shipped with the embedded model; the caller owns them. */
  public static List<Sae> sprig(int layers) {
    List<Sae> all = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      for (String site : SPRIG_SITES) {
        String from = "/org/zlens/engine/sprig/saes/blocks." + layer + "." + site;
        try (EmbeddedFolder folder = EmbeddedFolder.open(from, FILES)) {
          all.add(load(folder.path()));
        }
      }
    }
    return all;
  }
}
