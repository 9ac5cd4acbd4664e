package org.zlens.engine.sae;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.zlens.engine.io.DataFault;
import org.zlens.engine.io.FileDigest;
import org.zlens.engine.io.JsonSettings;
import org.zlens.engine.io.TorchArchive;

/**
 * The paper's own files: {@code NAME.pt} with a state dict and {@code NAME_cfg.json} with the
 * settings of the training run (paper-spec F).
 *
 * <p>What the settings do not say is fixed by the code that trained them: ReLU, b_dec subtracted,
 * flattened z of a processed model, texts that begin with BOS.
 */
public final class KissaneFormat implements SaeFormat {
  private static final String WEIGHTS = ".pt";
  private static final String SETTINGS = "_cfg.json";

  private static final Set<String> USED =
      Set.of("act_name", "act_size", "dict_size", "layer", "site", "head", "concat_heads");

  private static final Set<String> KNOWN =
      Set.of(
          ("act_name act_size dict_size layer site head concat_heads model_name seq_len seed"
                  + " batch_size buffer_mult lr num_tokens l1_coeff beta1 beta2 dict_mult enc_dtype"
                  + " device reinit resample_scheme anthropic_neuron_resample_scale"
                  + " dead_direction_cutoff re_init_every anthropic_resample_last resample_factor"
                  + " num_resamples wandb_project_name wandb_entity save_state_dict_every"
                  + " b_dec_init sched_type sched_epochs sched_lr_factor sched_warmup_epochs"
                  + " sched_finish anthropic_resample_batches eval_every model_batch_size"
                  + " buffer_size buffer_batches name")
              .split(" "));

  @Override
  public String description() {
    return "a file NAME.pt beside NAME_cfg.json (the paper's SAEs)";
  }

  @Override
  public boolean matches(Path path) {
    return path.getFileName() != null
        && path.getFileName().toString().endsWith(WEIGHTS)
        && Files.isRegularFile(settings(path));
  }

  @Override
  public SaeWeights open(Path path, String hookName) {
    JsonSettings settings = JsonSettings.read(settings(path));
    settings.refuseUnknown(KNOWN);
    int dIn = settings.whole("act_size", 1, 1 << 20);
    int dSae = settings.whole("dict_size", 1, 1 << 26);
    String hook = HookNames.agreed(settings(path), settings.text("act_name"), hookName);
    int layer = HookNames.layer(settings(path), hook, settings.whole("layer", 0, 9999));
    boolean flatten = hook.endsWith("hook_z");
    if (flatten && !settings.flag("concat_heads", true)) {
      throw settings.fault("'concat_heads' is false: SAEs of a single head are not read");
    }
    String head = settings.node("head").asText("cat");
    if (flatten && settings.has("head") && !head.equals("cat")) {
      throw settings.fault("'head' is '" + head + "': SAEs of a single head are not read");
    }
    try (TorchArchive file = TorchArchive.open(path)) {
      SaeTensors tensors = new SaeTensors(file, "");
      SaeEncoder encoder = new SaeEncoder.Relu();
      SaeMatrix wEnc = tensors.matrix("W_enc", dIn, dSae);
      SaeMatrix wDec = tensors.matrix("W_dec", dSae, dIn);
      float[] bEnc = tensors.take("b_enc", dSae);
      float[] bDec = tensors.take("b_dec", dIn);
      tensors.refuseLeftOver(encoder.architecture());
      SaeConfig config =
          new SaeConfig(
              dIn,
              dSae,
              hook,
              layer,
              true,
              InputNormalization.NONE,
              flatten,
              settings.text("model_name", ""),
              true,
              settings.whole("seq_len", 1, 1 << 24, 0),
              WeightBasis.PROCESSED,
              new SaeSource("ckkissane", path, FileDigest.of(path), settings.others(USED)));
      return new SaeWeights(config, encoder, wEnc, wDec, bEnc, bDec, new float[0]);
    }
  }

  private static Path settings(Path weights) {
    String name = weights.getFileName().toString();
    if (!name.endsWith(WEIGHTS)) {
      throw DataFault.in(weights, "is not a .pt file");
    }
    String stem = name.substring(0, name.length() - WEIGHTS.length());
    return weights.resolveSibling(stem + SETTINGS);
  }
}
