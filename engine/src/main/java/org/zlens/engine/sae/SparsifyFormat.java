package org.zlens.engine.sae;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.zlens.engine.io.DataFault;
import org.zlens.engine.io.FileDigest;
import org.zlens.engine.io.JsonSettings;
import org.zlens.engine.io.Safetensors;

/**
 * Folders of the sparsify library: {@code cfg.json} and {@code sae.safetensors}, SAEs and
 * transcoders alike. The encoder is stored with a row for each feature, and so is the decoder.
 *
 * <p>The folder is called after the module whose output it reads: {@code layers.5} is the stream
 * after block 5, {@code layers.5.mlp} what its MLP writes.
 */
public final class SparsifyFormat implements SaeFormat {
  private static final String SETTINGS = "cfg.json";
  private static final String WEIGHTS = "sae.safetensors";
  private static final Pattern MODULE =
      Pattern.compile("(?:.*[._])?(?:layers|h)[._](\\d{1,4})(?:[._](mlp|attn|self_attn))?");

  private static final Set<String> USED =
      Set.of("d_in", "num_latents", "k", "transcode", "activation", "skip_connection");

  private static final Set<String> KNOWN =
      Set.of(
          "d_in",
          "num_latents",
          "k",
          "transcode",
          "activation",
          "skip_connection",
          "expansion_factor",
          "normalize_decoder",
          "multi_topk",
          "signed");

  /** What both kinds have in common. */
  private record Parts(
      int dIn,
      int dSae,
      SaeEncoder encoder,
      SaeMatrix wEnc,
      SaeMatrix wDec,
      float[] bEnc,
      float[] bDec,
      float[] wSkip,
      SaeSource source) {}

  @Override
  public String description() {
    return "a folder with cfg.json and sae.safetensors (sparsify)";
  }

  @Override
  public boolean matches(Path path) {
    return isSparsify(path);
  }

  static boolean isSparsify(Path path) {
    return Files.isRegularFile(path.resolve(SETTINGS))
        && Files.isRegularFile(path.resolve(WEIGHTS));
  }

  static boolean isTranscoder(Path path) {
    return JsonSettings.read(path.resolve(SETTINGS)).flag("transcode", false);
  }

  @Override
  public SaeWeights open(Path path, String hookName) {
    JsonSettings cfg = JsonSettings.read(path.resolve(SETTINGS));
    if (cfg.flag("transcode", false)) {
      throw DataFault.in(
          path, "is a transcoder, which predicts another site than it reads, and no SAE");
    }
    if (cfg.flag("skip_connection", false)) {
      throw cfg.fault("'skip_connection' is true: an SAE that copies its input is not read");
    }
    String hook = HookNames.agreed(path.resolve(SETTINGS), output(path), hookName);
    Parts parts = parts(path, cfg);
    SaeConfig config =
        new SaeConfig(
            parts.dIn(),
            parts.dSae(),
            hook,
            HookNames.layer(path.resolve(SETTINGS), hook, -1),
            true,
            InputNormalization.NONE,
            hook.contains("hook_z"),
            "",
            true,
            0,
            // The library trains on models as Hugging Face runs them.
            WeightBasis.RAW,
            parts.source());
    return new SaeWeights(
        config,
        parts.encoder(),
        parts.wEnc(),
        parts.wDec(),
        parts.bEnc(),
        parts.bDec(),
        new float[0]);
  }

  static TranscoderWeights transcoder(Path path, String input, String output) {
    Path file = path.resolve(SETTINGS);
    JsonSettings cfg = JsonSettings.read(file);
    if (!cfg.flag("transcode", false)) {
      throw DataFault.in(path, "is an SAE, not a transcoder: 'transcode' is not true");
    }
    String hookOut = HookNames.agreed(file, output(path), output);
    String read =
        hookOut.endsWith("hook_mlp_out")
            ? hookOut.replace("hook_mlp_out", "ln2.hook_normalized")
            : null;
    String hook = HookNames.agreed(file, read, input);
    Parts parts = parts(path, cfg);
    return new TranscoderWeights(
        parts.dIn(),
        parts.dSae(),
        parts.dIn(),
        hook,
        hookOut,
        parts.encoder(),
        InputNormalization.NONE,
        parts.wEnc().values(),
        parts.wDec().values(),
        parts.bEnc(),
        parts.bDec(),
        parts.wSkip(),
        "",
        WeightBasis.RAW,
        parts.source());
  }

  private static Parts parts(Path path, JsonSettings cfg) {
    cfg.refuseUnknown(KNOWN);
    String activation = cfg.text("activation", "topk");
    if (!activation.equals("topk")) {
      throw cfg.unknownValue("activation", activation, Set.of("topk"));
    }
    if (cfg.flag("signed", false)) {
      throw cfg.fault("'signed' is true: activations below zero are not read");
    }
    int dIn = cfg.whole("d_in", 1, 1 << 20);
    int latents = cfg.whole("num_latents", 0, 1 << 26, 0);
    long width = latents > 0 ? latents : (long) dIn * cfg.whole("expansion_factor", 1, 1 << 20);
    if (width > 1 << 26) {
      throw cfg.fault("has " + width + " features, which are more than can be read");
    }
    int dSae = (int) width;
    int k = cfg.whole("k", 1, dSae);
    Path weights = path.resolve(WEIGHTS);
    try (Safetensors file = Safetensors.open(weights)) {
      SaeTensors tensors = new SaeTensors(file, "");
      SaeMatrix wEnc = tensors.transposedMatrix("encoder.weight", dSae, dIn);
      float[] bEnc = tensors.take("encoder.bias", dSae);
      SaeMatrix wDec = tensors.matrix("W_dec", dSae, dIn);
      float[] bDec = tensors.take("b_dec", dIn);
      float[] skip =
          cfg.flag("skip_connection", false) ? tensors.take("W_skip", dIn, dIn) : new float[0];
      tensors.refuseLeftOver("sparsify");
      Map<String, String> notes = cfg.others(USED);
      return new Parts(
          dIn,
          dSae,
          new SaeEncoder.TopK(k, false),
          wEnc,
          wDec,
          bEnc,
          bDec,
          skip,
          new SaeSource("sparsify", path, FileDigest.of(weights), notes));
    }
  }

  /** The site that a folder's name means, or null. */
  private static String output(Path folder) {
    Path name = folder.toAbsolutePath().normalize().getFileName();
    Matcher matcher = MODULE.matcher(String.valueOf(name));
    if (!matcher.matches()) {
      return null;
    }
    String block = "blocks." + Integer.parseInt(matcher.group(1)) + ".";
    if (matcher.group(2) == null) {
      return block + "hook_resid_post";
    }
    return block + (matcher.group(2).equals("mlp") ? "hook_mlp_out" : "hook_attn_out");
  }
}
