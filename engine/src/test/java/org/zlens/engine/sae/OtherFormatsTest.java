package org.zlens.engine.sae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.zlens.engine.TensorAssert.assertClose;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.engine.io.SafetensorsWriter;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/** Formats of which the fixtures hold no file: written here as their libraries write them. */
class OtherFormatsTest {
  private static final int D_IN = 5;
  private static final int D_SAE = 12;
  private static final int D_OUT = 4;

  private final Random random = new Random(3);
  private final float[] encoder = values(D_SAE * D_IN);
  private final float[] decoder = values(D_SAE * D_IN);
  private final float[] bEnc = values(D_SAE);
  private final float[] bDec = values(D_IN);
  private final float[] x = values(D_IN);

  @TempDir Path root;

  private float[] values(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** A row for each feature, as linear layers keep their weights. */
  private double pre(int feature, boolean centred) {
    double sum = bEnc[feature];
    for (int i = 0; i < D_IN; i++) {
      sum += (centred ? x[i] - bDec[i] : x[i]) * encoder[feature * D_IN + i];
    }
    return sum;
  }

  private Path sparsify(String name, String more) throws IOException {
    Path folder = Files.createDirectories(root.resolve(name));
    Files.writeString(
        folder.resolve("cfg.json"),
        "{\"activation\": \"topk\", \"expansion_factor\": 32, \"normalize_decoder\": true,"
            + " \"num_latents\": 12, \"k\": 3, \"multi_topk\": false, \"d_in\": 5"
            + more
            + "}");
    SafetensorsWriter weights =
        new SafetensorsWriter()
            .add("encoder.weight", new long[] {D_SAE, D_IN}, encoder)
            .add("encoder.bias", new long[] {D_SAE}, bEnc)
            .add("W_dec", new long[] {D_SAE, D_IN}, decoder)
            .add("b_dec", new long[] {D_IN}, bDec);
    if (more.contains("\"skip_connection\": true")) {
      weights.add("W_skip", new long[] {D_IN, D_IN}, skip);
    }
    weights.write(folder.resolve("sae.safetensors"));
    return folder;
  }

  private final float[] skip = values(D_IN * D_IN);

  /** The three largest pre-activations, decoded by rows of the decoder, plus b_dec. */
  private float[] topThree(boolean centred) {
    double[] pre = new double[D_SAE];
    for (int f = 0; f < D_SAE; f++) {
      pre[f] = pre(f, centred);
    }
    double[] sorted = pre.clone();
    Arrays.sort(sorted);
    float[] out = bDec.clone();
    for (int f = 0; f < D_SAE; f++) {
      if (pre[f] >= sorted[D_SAE - 3] && pre[f] > 0) {
        for (int i = 0; i < D_IN; i++) {
          out[i] += (float) (pre[f] * decoder[f * D_IN + i]);
        }
      }
    }
    return out;
  }

  @Test
  void sparsifyKeepsDecodersByRows() throws IOException {
    Path folder = sparsify("layers.2", "");
    SaeWeights weights = SaeReader.read(folder);
    assertThat(weights.config().hookName()).isEqualTo("blocks.2.hook_resid_post");
    assertThat(weights.config().source().format()).isEqualTo("sparsify");
    assertThat(weights.config().basis()).isEqualTo(WeightBasis.RAW);
    assertThat(SaeReader.read(sparsify("h.1.mlp", "")).config().hookName())
        .isEqualTo("blocks.1.hook_mlp_out");
    try (Scope scope = Scope.open();
        Sae sae = weights.toSae()) {
      assertClose("recon", sae.reconstruct(Tensor.of(x, D_IN)).floats(), topThree(true), 1e-5);
    }
  }

  @Test
  void sparsifyRefusesWhatItDoesNotUnderstand() throws IOException {
    assertThatThrownBy(() -> SaeReader.read(sparsify("layers.3", ", \"signed\": true")))
        .hasMessageContaining("'signed' is true");
    assertThatThrownBy(() -> SaeReader.read(sparsify("layers.4", ", \"divide\": 3")))
        .hasMessageContaining("unknown setting 'divide'");
    assertThatThrownBy(() -> SaeReader.read(sparsify("layers.5", ", \"skip_connection\": true")))
        .hasMessageContaining("'skip_connection' is true");
    assertThatThrownBy(() -> SaeReader.read(sparsify("layers.6.mlp", ", \"transcode\": true")))
        .hasMessageContaining("is a transcoder");
    assertThatThrownBy(() -> SaeReader.read(sparsify("somewhere", "")))
        .hasMessageContaining("does not say which site");
    assertThatThrownBy(() -> TranscoderReader.read(sparsify("layers.7.mlp", ""), null, null))
        .hasMessageContaining("is an SAE, not a transcoder");
  }

  @Test
  void sparsifyTranscodersSkip() throws IOException {
    Path folder = sparsify("layers.1.mlp", ", \"transcode\": true, \"skip_connection\": true");
    TranscoderWeights weights = TranscoderReader.read(folder, null, null);
    try (Scope scope = Scope.open();
        Transcoder transcoder = weights.toTranscoder()) {
      assertThat(transcoder.toString())
          .isEqualTo("the transcoder from L1.ln2.normalized to L1.mlp_out");
      float[] expected = topThree(false);
      for (int out = 0; out < D_IN; out++) {
        for (int in = 0; in < D_IN; in++) {
          expected[out] += skip[out * D_IN + in] * x[in];
        }
      }
      assertClose("predicted", transcoder.predict(Tensor.of(x, D_IN)).floats(), expected, 1e-5);
      assertThat(transcoder.skips()).isTrue();
    }
  }

  private Path saeLens(String architecture, String more) throws IOException {
    Path folder = Files.createDirectories(root.resolve(architecture));
    Files.writeString(
        folder.resolve("cfg.json"),
        "{\"architecture\": \""
            + architecture
            + "\", \"d_in\": 5, \"d_sae\": 12, \"d_out\": 4, \"dtype\": \"float32\","
            + " \"device\": \"cpu\", \"apply_b_dec_to_input\": false,"
            + " \"normalize_activations\": \"none\", \"reshape_activations\": \"none\""
            + more
            + ", \"metadata\": {\"hook_name\": \"blocks.0.ln2.hook_normalized\","
            + " \"hook_name_out\": \"blocks.0.hook_mlp_out\", \"model_name\": \"tiny\","
            + " \"sae_lens_version\": \"6.18.0\"}}");
    float[] columns = new float[encoder.length];
    for (int f = 0; f < D_SAE; f++) {
      for (int i = 0; i < D_IN; i++) {
        columns[i * D_SAE + f] = encoder[f * D_IN + i];
      }
    }
    SafetensorsWriter weights =
        new SafetensorsWriter()
            .add("W_enc", new long[] {D_IN, D_SAE}, columns)
            .add("b_enc", new long[] {D_SAE}, bEnc)
            .add("W_dec", new long[] {D_SAE, D_OUT}, outDecoder)
            .add("b_dec", new long[] {D_OUT}, outBias);
    if (architecture.startsWith("skip")) {
      weights.add("W_skip", new long[] {D_OUT, D_IN}, outSkip);
    }
    if (architecture.startsWith("jumprelu")) {
      weights.add("threshold", new long[] {D_SAE}, thresholds());
    }
    weights.write(folder.resolve("sae_weights.safetensors"));
    return folder;
  }

  private final float[] outDecoder = values(D_SAE * D_OUT);
  private final float[] outBias = values(D_OUT);
  private final float[] outSkip = values(D_OUT * D_IN);

  private static float[] thresholds() {
    float[] thresholds = new float[D_SAE];
    Arrays.fill(thresholds, 0.8f);
    return thresholds;
  }

  private float[] predicted(double threshold, boolean skips) {
    float[] out = outBias.clone();
    for (int o = 0; o < D_OUT; o++) {
      for (int f = 0; f < D_SAE; f++) {
        double pre = pre(f, false);
        out[o] += pre > threshold ? (float) (pre * outDecoder[f * D_OUT + o]) : 0;
      }
      for (int i = 0; i < D_IN && skips; i++) {
        out[o] += outSkip[o * D_IN + i] * x[i];
      }
    }
    return out;
  }

  @Test
  void transcodersOfSaeLensPredictAnotherWidth() throws IOException {
    for (String architecture :
        new String[] {"transcoder", "skip_transcoder", "jumprelu_transcoder"}) {
      TranscoderWeights weights = TranscoderReader.read(saeLens(architecture, ""), null, null);
      boolean skips = architecture.startsWith("skip");
      double threshold = architecture.startsWith("jump") ? 0.8f : 0;
      try (Scope scope = Scope.open();
          Transcoder transcoder = weights.toTranscoder()) {
        assertThat(transcoder.features()).isEqualTo(D_SAE);
        float[] found = transcoder.predict(Tensor.of(x, D_IN)).floats();
        assertClose(architecture, found, predicted(threshold, skips), 1e-5);
        assertThatThrownBy(() -> transcoder.encode(Tensor.zeros(2, 3)))
            .hasMessageContaining("which reads 5 values");
      }
      Path folder = root.resolve(architecture);
      assertThatThrownBy(() -> SaeReader.read(folder)).hasMessageContaining("is a transcoder");
    }
    assertThatThrownBy(() -> TranscoderReader.read(saeLens("transcoder", ", \"k\": 3"), null, null))
        .hasMessageContaining("unknown setting 'k'");
  }

  @Test
  void circuitTracerKeepsEncodersByRows() {
    Path file = root.resolve("layer_3.safetensors");
    new SafetensorsWriter()
        .add("W_enc", new long[] {D_SAE, D_IN}, encoder)
        .add("b_enc", new long[] {D_SAE}, bEnc)
        .add("W_dec", new long[] {D_SAE, D_OUT}, outDecoder)
        .add("b_dec", new long[] {D_OUT}, outBias)
        .add("W_skip", new long[] {D_OUT, D_IN}, outSkip)
        .write(file);
    try (Scope scope = Scope.open();
        Transcoder transcoder = TranscoderReader.read(file, null, null).toTranscoder()) {
      assertThat(transcoder.output().shortName()).isEqualTo("L3.mlp_out");
      float[] found = transcoder.predict(Tensor.of(x, D_IN)).floats();
      assertClose("predicted", found, predicted(0, true), 1e-5);
    }
  }

  @Test
  void llamaScopeFoldsTheAverageNormAndTheThreshold() throws IOException {
    Path folder = Files.createDirectories(root.resolve("llama/checkpoints")).getParent();
    Files.writeString(
        folder.resolve("hyperparams.json"),
        "{\"d_model\": 5, \"d_sae\": 12, \"hook_point_in\": \"blocks.2.hook_resid_post\","
            + " \"hook_point_out\": \"blocks.2.hook_resid_post\", \"act_fn\": \"jumprelu\","
            + " \"jump_relu_threshold\": 0.3, \"norm_activation\": \"dataset-wise\","
            + " \"dataset_average_activation_norm\": {\"in\": 4.0, \"out\": 4.0}}");
    float[] columns = new float[decoder.length];
    for (int f = 0; f < D_SAE; f++) {
      for (int i = 0; i < D_IN; i++) {
        columns[i * D_SAE + f] = decoder[f * D_IN + i];
      }
    }
    new SafetensorsWriter()
        .add("encoder.weight", new long[] {D_SAE, D_IN}, encoder)
        .add("encoder.bias", new long[] {D_SAE}, bEnc)
        .add("decoder.weight", new long[] {D_IN, D_SAE}, columns)
        .add("decoder.bias", new long[] {D_IN}, bDec)
        .write(folder.resolve("checkpoints/final.safetensors"));
    double factor = Math.sqrt(5) / 4;
    float[] expected = new float[D_IN];
    for (int i = 0; i < D_IN; i++) {
      double sum = bDec[i];
      for (int f = 0; f < D_SAE; f++) {
        double pre = bEnc[f] + (pre(f, false) - bEnc[f]) * factor;
        sum += pre > 0.3 * factor ? pre * decoder[f * D_IN + i] : 0;
      }
      expected[i] = (float) (sum / factor);
    }
    try (Scope scope = Scope.open();
        Sae sae = SaeReader.read(folder).toSae()) {
      assertClose("recon", sae.reconstruct(Tensor.of(x, D_IN)).floats(), expected, 1e-5);
    }
    Files.writeString(folder.resolve("hyperparams.json"), "{\"d_model\": 5, \"glue\": 1}");
    assertThatThrownBy(() -> SaeReader.read(folder)).hasMessageContaining("unknown setting 'glue'");
  }

  @Test
  void aConstantFactorOfTheSettingsIsFolded() throws IOException {
    Path folder = saeLens("standard", "");
    String cfg =
        "{\"architecture\": \"standard\", \"d_in\": 5, \"d_sae\": 12, \"dtype\": \"float32\","
            + " \"apply_b_dec_to_input\": false, \"normalize_activations\": \"NORM\""
            + ", \"activation_normalization_factor\": 0.25, \"metadata\": {\"hook_name\":"
            + " \"blocks.0.hook_resid_pre\"}}";
    Files.writeString(folder.resolve("cfg.json"), cfg.replace("NORM", "constant_scalar_rescale"));
    float[] columns = new float[encoder.length];
    for (int f = 0; f < D_SAE; f++) {
      for (int i = 0; i < D_IN; i++) {
        columns[i * D_SAE + f] = encoder[f * D_IN + i];
      }
    }
    new SafetensorsWriter()
        .add("W_enc", new long[] {D_IN, D_SAE}, columns)
        .add("b_enc", new long[] {D_SAE}, bEnc)
        .add("W_dec", new long[] {D_SAE, D_IN}, decoder)
        .add("b_dec", new long[] {D_IN}, bDec)
        .write(folder.resolve("sae_weights.safetensors"));
    float[] expected = new float[D_IN];
    for (int i = 0; i < D_IN; i++) {
      double sum = bDec[i];
      for (int f = 0; f < D_SAE; f++) {
        double pre = bEnc[f] + (pre(f, false) - bEnc[f]) * 0.25;
        sum += Math.max(0, pre) * decoder[f * D_IN + i];
      }
      expected[i] = (float) (sum * 4);
    }
    try (Scope scope = Scope.open();
        Sae sae = SaeReader.read(folder).toSae()) {
      assertClose("recon", sae.reconstruct(Tensor.of(x, D_IN)).floats(), expected, 1e-4);
    }
    Files.writeString(folder.resolve("cfg.json"), cfg.replace("NORM", "none"));
    assertThatThrownBy(() -> SaeReader.read(folder))
        .hasMessageContaining("'activation_normalization_factor' is set");
  }
}
