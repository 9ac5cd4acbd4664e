package org.zlens.engine.sae;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.zlens.engine.io.DataFault;
import org.zlens.engine.io.FileDigest;
import org.zlens.engine.io.JsonSettings;
import org.zlens.engine.io.Safetensors;

/**
 * Llama Scope's folders: {@code hyperparams.json} and {@code checkpoints/final.safetensors}. Inputs
 * are scaled to an average norm of sqrt(d_model), which is folded into the weights, and one
 * threshold stands for all features (interop 2.7).
 */
public final class LlamaScopeFormat implements SaeFormat {
  private static final String SETTINGS = "hyperparams.json";
  private static final String WEIGHTS = "checkpoints/final.safetensors";

  private static final Set<String> USED =
      Set.of(
          "d_model",
          "d_sae",
          "jump_relu_threshold",
          "hook_point_in",
          "hook_point_out",
          "act_fn",
          "dataset_average_activation_norm",
          "apply_decoder_bias_to_pre_encoder",
          "use_decoder_bias",
          "use_glu_encoder",
          "norm_activation",
          "sparsity_include_decoder_norm");

  private static final Set<String> TRAINING =
      Set.of(
          ("sae_type expansion_factor top_k k_warmup_steps use_batch_norm_mse lp l1_coefficient"
                  + " l1_coefficient_warmup_steps strict_loading device seed dtype"
                  + " sae_pretrained_name_or_path bias_init_method init_decoder_norm"
                  + " init_encoder_norm init_encoder_with_decoder_transpose"
                  + " init_search tp_size ddp_size use_ghost_grads n_sae_params")
              .split(" "));

  @Override
  public String description() {
    return "a folder with hyperparams.json and checkpoints/final.safetensors (Llama Scope)";
  }

  @Override
  public boolean matches(Path path) {
    return Files.isRegularFile(path.resolve(SETTINGS));
  }

  @Override
  public SaeWeights open(Path path, String hookName) {
    JsonSettings cfg = JsonSettings.read(path.resolve(SETTINGS));
    Set<String> known = new HashSet<>(USED);
    known.addAll(TRAINING);
    cfg.refuseUnknown(known);
    only(cfg, "act_fn", "jumprelu");
    only(cfg, "norm_activation", "dataset-wise");
    for (String key : new String[] {"apply_decoder_bias_to_pre_encoder", "use_glu_encoder"}) {
      if (cfg.flag(key, false)) {
        throw cfg.fault("'" + key + "' is true, which is not read");
      }
    }
    int dIn = cfg.whole("d_model", 1, 1 << 20);
    int dSae = cfg.whole("d_sae", 1, 1 << 26);
    Path file = path.resolve(SETTINGS);
    String hook = HookNames.agreed(file, cfg.text("hook_point_in"), hookName);
    String out = cfg.text("hook_point_out", hook);
    if (!out.equals(hook)) {
      throw cfg.fault("writes to another site (" + DataFault.quote(out) + "): a transcoder");
    }
    double average = cfg.section("dataset_average_activation_norm").number("in");
    double factor = Math.sqrt(dIn) / average;
    if (!(average > 0) || !Float.isFinite((float) factor)) {
      throw cfg.fault("the average norm of the input is " + average + ", expected more than zero");
    }
    float[] threshold = new float[dSae];
    Arrays.fill(threshold, (float) (cfg.number("jump_relu_threshold") * factor));
    Path weights = path.resolve(WEIGHTS);
    try (Safetensors open = Safetensors.open(weights)) {
      SaeTensors tensors = new SaeTensors(open, "");
      SaeMatrix wEnc = tensors.transposedMatrix("encoder.weight", dSae, dIn).scaled(factor);
      SaeMatrix wDec = tensors.transposedMatrix("decoder.weight", dIn, dSae).scaled(1 / factor);
      float[] bEnc = tensors.take("encoder.bias", dSae);
      float[] bDec =
          cfg.flag("use_decoder_bias", true)
              ? scaled(tensors.take("decoder.bias", dIn), 1 / factor)
              : new float[dIn];
      tensors.refuseLeftOver("jumprelu");
      SaeConfig config =
          new SaeConfig(
              dIn,
              dSae,
              hook,
              HookNames.layer(file, hook, -1),
              false,
              InputNormalization.NONE,
              hook.contains("hook_z"),
              "",
              true,
              0,
              WeightBasis.UNSTATED,
              new SaeSource("llama-scope", path, FileDigest.of(weights), cfg.others(USED)));
      return new SaeWeights(
          config, new SaeEncoder.JumpRelu(threshold), wEnc, wDec, bEnc, bDec, new float[0]);
    }
  }

  private static void only(JsonSettings cfg, String key, String value) {
    String found = cfg.text(key, value);
    if (!found.equals(value)) {
      throw cfg.unknownValue(key, found, Set.of(value));
    }
  }

  private static float[] scaled(float[] values, double factor) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (values[i] * factor);
    }
    return values;
  }
}
