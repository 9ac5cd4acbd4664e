package org.zlens.engine.sae;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.zlens.engine.io.DataFault;
import org.zlens.engine.io.FileDigest;
import org.zlens.engine.io.JsonSettings;
import org.zlens.engine.io.Safetensors;

/** SAELens's folders of versions 1 to 6: {@code cfg.json} and {@code sae_weights.safetensors}. */
public final class SaeLensFormat implements SaeFormat {
  static final String SETTINGS = "cfg.json";
  static final String WEIGHTS = "sae_weights.safetensors";
  static final String SPARSITY = "sparsity.safetensors";
  private static final String SCALER = "activation_scaler.json";

  @Override
  public String description() {
    return "a folder with cfg.json and sae_weights.safetensors (SAELens)";
  }

  @Override
  public boolean matches(Path path) {
    return Files.isRegularFile(path.resolve(SETTINGS));
  }

  @Override
  public SaeWeights open(Path path, String hookName) {
    JsonSettings cfg = JsonSettings.read(path.resolve(SETTINGS));
    SaeLensSettings settings = SaeLensSettings.of(cfg);
    double factor = inputFactor(path, settings);
    Path weights = path.resolve(WEIGHTS);
    try (Safetensors file = Safetensors.open(weights)) {
      return read(cfg, path.resolve(SETTINGS), settings, new SaeTensors(file, ""), hookName)
          .finish(path, FileDigest.of(weights), factor, sparsity(path, settings));
    }
  }

  /** Reads the tensors that the settings ask for; the caller finishes what it returns. */
  static SaeLensParts read(
      JsonSettings cfg,
      Path settingsFile,
      SaeLensSettings settings,
      SaeTensors tensors,
      String hookName) {
    String hook = HookNames.agreed(settingsFile, settings.hookName(), hookName);
    int layer = HookNames.layer(settingsFile, hook, settings.hookLayer());
    boolean flatten = settings.flattensHeads(cfg, hook);
    int dIn = settings.dIn();
    int dSae = settings.dSae();
    SaeMatrix wEnc = tensors.matrix("W_enc", dIn, dSae);
    SaeMatrix wDec = tensors.matrix("W_dec", dSae, dIn);
    float[] bDec = tensors.take("b_dec", dIn);
    boolean gated = settings.architecture().equals("gated");
    float[] bEnc = gated ? new float[dSae] : tensors.take("b_enc", dSae);
    SaeEncoder encoder = encoder(settings, tensors);
    SaeMatrix scaled = scaledDecoder(settings, tensors, wDec);
    tensors.refuseLeftOver(settings.architecture());
    return new SaeLensParts(settings, hook, layer, flatten, encoder, wEnc, scaled, bEnc, bDec);
  }

  private static SaeEncoder encoder(SaeLensSettings settings, SaeTensors tensors) {
    int dSae = settings.dSae();
    return switch (settings.architecture()) {
      case "topk" -> {
        if (settings.k() > dSae) {
          throw DataFault.in(tensors.path(), "k is " + settings.k() + " of " + dSae + " features");
        }
        yield new SaeEncoder.TopK(settings.k(), settings.rescaled());
      }
      case "jumprelu" -> new SaeEncoder.JumpRelu(tensors.take("threshold", dSae));
      case "gated" ->
          new SaeEncoder.Gated(
              tensors.take("b_gate", dSae),
              tensors.take("b_mag", dSae),
              tensors.take("r_mag", dSae));
      default -> new SaeEncoder.Relu();
    };
  }

  /**
   * Versions up to 5 multiply the activations by a factor per feature just before the decoder,
   * which is the same as multiplying the decoder's rows.
   */
  private static SaeMatrix scaledDecoder(
      SaeLensSettings settings, SaeTensors tensors, SaeMatrix wDec) {
    String name = tensors.has("scaling_factor") ? "scaling_factor" : "finetuning_scaling_factor";
    if (!tensors.has(name)) {
      if (settings.scalingFactor()) {
        throw DataFault.in(
            tensors.path(),
            "has no tensor 'scaling_factor', although 'finetuning_scaling_factor' is true");
      }
      return wDec;
    }
    if (settings.era().equals("saelens-v6")) {
      return wDec;
    }
    float[] factors = tensors.take(name, settings.dSae());
    for (int feature = 0; feature < factors.length; feature++) {
      if (factors[feature] != 1 && !settings.scalingFactor()) {
        throw DataFault.in(
            tensors.path(),
            "'" + name + "' is not all ones, although 'finetuning_scaling_factor' is false",
            "one of them is wrong; whether to scale the decoder cannot be known");
      }
    }
    return wDec.rowsScaled(factors);
  }

  /** The constant by which inputs are multiplied, 1 if they are not. */
  private static double inputFactor(Path folder, SaeLensSettings settings) {
    Path file = folder.resolve(SCALER);
    if (!Files.exists(file)) {
      if (settings.averageNorm()) {
        throw DataFault.in(
            folder.resolve(SETTINGS),
            "inputs are normalised by their average norm (expected_average_only_in), but the"
                + " factor is nowhere to be found",
            "it belongs in " + SCALER + " beside it, as {\"scaling_factor\": ...}");
      }
      return settings.scalar();
    }
    JsonSettings scaler = JsonSettings.read(file);
    scaler.refuseUnknown(Set.of("scaling_factor"));
    if (!settings.averageNorm()) {
      if (scaler.has("scaling_factor") && scaler.number("scaling_factor") != 1) {
        throw DataFault.in(
            file, "gives a factor, although 'normalize_activations' in cfg.json asks for none");
      }
      return settings.scalar();
    }
    double factor = scaler.number("scaling_factor");
    if (!(factor > 0) || !Float.isFinite((float) factor) || (float) factor == 0) {
      throw DataFault.in(file, "'scaling_factor' is " + factor + ", expected a positive number");
    }
    return factor;
  }

  private static float[] sparsity(Path folder, SaeLensSettings settings) {
    Path path = folder.resolve(SPARSITY);
    if (!Files.exists(path)) {
      return new float[0];
    }
    try (Safetensors file = Safetensors.open(path)) {
      SaeTensors tensors = new SaeTensors(file, "");
      float[] sparsity = tensors.take("sparsity", settings.dSae());
      tensors.refuseLeftOver("sparsity file of an");
      return sparsity;
    }
  }
}
