package org.zlens.engine.sae;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Location;
import org.zlens.engine.io.EmbeddedFolder;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

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
    return of(SaeReader.read(path));
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

  /** An SAE with the weights as they were read; the caller owns it. */
  public static Sae of(SaeWeights weights) {
    SaeConfig config = weights.config();
    Location location =
        Location.parse(config.hookName())
            .orElseThrow(
                () ->
                    new ZlensException(
                        Kind.DATA,
                        "the SAE names an unknown site '" + config.hookName() + "'",
                        "sites have names like blocks.5.attn.hook_z"));
    if (!(weights.encoder() instanceof SaeEncoder.Relu)
        || config.normalization() != InputNormalization.NONE) {
      throw new ZlensException(
          Kind.DATA,
          "the SAE at "
              + location.shortName()
              + " has the architecture '"
              + weights.encoder().architecture()
              + "' with input normalization '"
              + config.normalization().saeLensName()
              + "'",
          "only standard ReLU SAEs without normalization can be run");
    }
    try (Scope scope = Scope.open()) {
      return new Sae(
          location,
          Encoder.RELU,
          config.subtractDecoderBias(),
          Tensor.of(weights.wEnc(), config.dIn(), config.dSae()),
          Tensor.of(weights.bEnc(), config.dSae()),
          Tensor.of(weights.wDec(), config.dSae(), config.dIn()),
          Tensor.of(weights.bDec(), config.dIn()));
    }
  }
}
