package org.zlens.engine.sae;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.zlens.engine.io.DataFault;
import org.zlens.engine.io.FileDigest;
import org.zlens.engine.io.JsonSettings;
import org.zlens.engine.io.Safetensors;
import org.zlens.engine.io.TensorInfo;

/**
 * Reads transcoders: SAELens folders of version 6, those of sparsify, and the files {@code
 * layer_N.safetensors} of circuit-tracer (interop 2.7).
 */
public final class TranscoderReader {
  private static final Pattern LAYER_FILE = Pattern.compile("layer_(\\d{1,4})\\.safetensors");
  private static final Set<String> ARCHITECTURES =
      Set.of("transcoder", "skip_transcoder", "jumprelu_transcoder");

  private TranscoderReader() {}

  /** Whether an architecture of SAELens is one of transcoders. */
  static boolean isTranscoder(String architecture) {
    return ARCHITECTURES.contains(architecture);
  }

  /** Whether a path is a transcoder: by its settings, or where it has none by the file's name. */
  public static boolean isTranscoder(Path path) {
    if (SparsifyFormat.isSparsify(path)) {
      return SparsifyFormat.isTranscoder(path);
    }
    Path settings = path.resolve(SaeLensFormat.SETTINGS);
    if (Files.isRegularFile(settings)) {
      return isTranscoder(JsonSettings.read(settings).text("architecture", ""));
    }
    return Files.isRegularFile(path) && layer(path).matches();
  }

  /** The name of a file against those of circuit-tracer. */
  private static Matcher layer(Path path) {
    return LAYER_FILE.matcher(String.valueOf(path.getFileName()));
  }

  /**
   * Reads a transcoder.
   *
   * @param path a file, or the folder of those formats that are folders
   * @param input the site that it reads, for files that do not name it; null to rely on the file
   * @param output the same of the site that it predicts
   */
  public static TranscoderWeights read(Path path, String input, String output) {
    if (!Files.exists(path)) {
      throw DataFault.in(path, "no such file or folder");
    }
    if (SparsifyFormat.isSparsify(path)) {
      return SparsifyFormat.transcoder(path, input, output);
    }
    if (Files.isRegularFile(path.resolve(SaeLensFormat.SETTINGS))) {
      return saeLens(path, input, output);
    }
    Matcher layer = layer(path);
    if (layer.matches()) {
      return circuitTracer(path, Integer.parseInt(layer.group(1)), input, output);
    }
    throw DataFault.in(
        path,
        "is not a transcoder in a format that is read",
        "a folder with cfg.json and sae_weights.safetensors (SAELens) or sae.safetensors"
            + " (sparsify), or a file layer_N.safetensors (circuit-tracer)");
  }

  private static TranscoderWeights saeLens(Path folder, String input, String output) {
    Path file = folder.resolve(SaeLensFormat.SETTINGS);
    JsonSettings cfg = JsonSettings.read(file);
    String architecture = cfg.text("architecture");
    if (!isTranscoder(architecture)) {
      throw cfg.unknownValue("architecture", architecture, ARCHITECTURES);
    }
    Set<String> known = new HashSet<>(SaeLensKeys.modern());
    known.add("d_out");
    known.remove("k");
    cfg.refuseUnknown(known);
    if (cfg.flag("apply_b_dec_to_input", false)) {
      throw cfg.fault("'apply_b_dec_to_input' is true, which a transcoder cannot do");
    }
    String reshape = cfg.text("reshape_activations", "none");
    if (!reshape.equals("none")) {
      throw cfg.unknownValue("reshape_activations", reshape, Set.of("none"));
    }
    InputNormalization normalization = SaeLensSettings.runTimeNormalization(cfg);
    int dIn = cfg.whole("d_in", 1, 1 << 20);
    int dSae = cfg.whole("d_sae", 1, 1 << 26);
    int dOut = cfg.whole("d_out", 1, 1 << 20);
    JsonSettings metadata = cfg.section("metadata");
    String hook = HookNames.agreed(file, metadata.text("hook_name", null), input);
    String hookOut = HookNames.agreed(file, metadata.text("hook_name_out", null), output);
    Path weights = folder.resolve(SaeLensFormat.WEIGHTS);
    try (Safetensors open = Safetensors.open(weights)) {
      SaeTensors tensors = new SaeTensors(open, "");
      float[] wEnc = tensors.take("W_enc", dIn, dSae);
      float[] wDec = tensors.take("W_dec", dSae, dOut);
      float[] bEnc = tensors.take("b_enc", dSae);
      float[] bDec = tensors.take("b_dec", dOut);
      SaeEncoder encoder =
          architecture.equals("jumprelu_transcoder")
              ? new SaeEncoder.JumpRelu(tensors.take("threshold", dSae))
              : new SaeEncoder.Relu();
      float[] skip =
          architecture.equals("skip_transcoder") ? tensors.take("W_skip", dOut, dIn) : new float[0];
      tensors.refuseLeftOver(architecture);
      Map<String, String> notes = new HashMap<>(cfg.others(SaeLensKeys.used()));
      notes.putAll(metadata.others(SaeLensKeys.used()));
      return new TranscoderWeights(
          dIn,
          dSae,
          dOut,
          hook,
          hookOut,
          encoder,
          normalization,
          wEnc,
          wDec,
          bEnc,
          bDec,
          skip,
          metadata.text("model_name", ""),
          SaeLensSettings.basis(metadata),
          new SaeSource("saelens-v6", folder, FileDigest.of(weights), notes));
    }
  }

  /** The tensors say all there is: W_enc is stored with a row for each feature. */
  private static TranscoderWeights circuitTracer(
      Path file, int layer, String input, String output) {
    String block = "blocks." + layer + ".";
    String hook = input == null ? block + "ln2.hook_normalized" : input;
    String hookOut = output == null ? block + "hook_mlp_out" : output;
    try (Safetensors open = Safetensors.open(file)) {
      SaeTensors tensors = new SaeTensors(open, "");
      TensorInfo info = tensors.info("W_enc");
      TensorInfo decoder = tensors.info("W_dec");
      long[] shape = info.shape();
      long[] out = decoder.shape();
      if (shape.length != 2 || out.length != 2 || info.count() == 0 || decoder.count() == 0) {
        throw DataFault.in(
            file,
            "'W_enc' and 'W_dec' have the shapes "
                + info.shapeText()
                + " and "
                + decoder.shapeText());
      }
      if (Math.max(info.count(), decoder.count()) > Integer.MAX_VALUE - 8) {
        throw DataFault.in(file, "'W_enc' of shape " + info.shapeText() + " is too large");
      }
      int dSae = (int) shape[0];
      int dIn = (int) shape[1];
      int dOut = (int) out[1];
      float[] wEnc = tensors.takeTransposed("W_enc", dSae, dIn);
      float[] wDec = tensors.take("W_dec", dSae, dOut);
      float[] bEnc = tensors.take("b_enc", dSae);
      float[] bDec = tensors.take("b_dec", dOut);
      SaeEncoder encoder =
          tensors.has("threshold")
              ? new SaeEncoder.JumpRelu(tensors.take("threshold", dSae))
              : new SaeEncoder.Relu();
      float[] skip = tensors.has("W_skip") ? tensors.take("W_skip", dOut, dIn) : new float[0];
      tensors.refuseLeftOver("transcoder, not an");
      return new TranscoderWeights(
          dIn,
          dSae,
          dOut,
          hook,
          hookOut,
          encoder,
          InputNormalization.NONE,
          wEnc,
          wDec,
          bEnc,
          bDec,
          skip,
          "",
          WeightBasis.UNSTATED,
          new SaeSource("circuit-tracer", file, FileDigest.of(file), Map.of()));
    }
  }
}
