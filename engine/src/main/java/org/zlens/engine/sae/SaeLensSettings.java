package org.zlens.engine.sae;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.zlens.engine.io.JsonSettings;
import org.zlens.engine.model.WeightStep;

/**
 * What SAELens's {@code cfg.json} of any version says, in one form (interop 2.7).
 *
 * @param era the name of the format: {@code saelens-v6}, {@code -v5}, {@code -v3}, {@code -pre-v2}
 * @param architecture standard, topk, jumprelu or gated
 * @param k of a topk SAE, else 0
 * @param normalization what is done at run time; {@link InputNormalization#NONE} where a factor is
 *     folded instead
 * @param averageNorm whether a constant factor must be found and folded into the weights
 * @param scalar a constant factor that the settings themselves give, to be folded too
 * @param scalingFactor whether the decoder is scaled by a tensor of factors
 * @param hookName the site, or null
 * @param hookLayer the layer, or -1
 */
record SaeLensSettings(
    String era,
    String architecture,
    int dIn,
    int dSae,
    int k,
    boolean rescaled,
    boolean subtractDecoderBias,
    InputNormalization normalization,
    boolean averageNorm,
    double scalar,
    boolean scalingFactor,
    String reshape,
    String hookName,
    int hookLayer,
    String modelName,
    boolean prependBos,
    int contextSize,
    WeightBasis basis,
    Map<String, String> notes) {
  private static final List<String> ARCHITECTURES =
      List.of("standard", "topk", "jumprelu", "gated");
  private static final List<String> ACTIVATIONS = List.of("relu", "topk");
  private static final List<String> RESHAPES = List.of("none", "hook_z");
  private static final String AVERAGE_NORM = "expected_average_only_in";
  private static final String SCALAR = "activation_normalization_factor";
  private static final String CONSTANT_SCALAR = "constant_scalar_rescale";
  private static final Set<String> TYPES =
      Set.of(
          "float64",
          "float32",
          "float16",
          "bfloat16",
          "torch.float64",
          "torch.float32",
          "torch.float16",
          "torch.bfloat16");
  private static final int MOST_INPUTS = 1 << 20;
  private static final int MOST_FEATURES = 1 << 26;

  /** Reads the settings of whichever version; those of version 6 have a section for metadata. */
  static SaeLensSettings of(JsonSettings cfg) {
    return cfg.has("metadata") ? modern(cfg) : older(cfg, null);
  }

  /**
   * The settings of versions before 6.
   *
   * @param era null for a file, which may say nothing that is not known; a name for the attributes
   *     of somebody's object, which may have more of them
   */
  static SaeLensSettings older(JsonSettings cfg, String era) {
    String architecture =
        known(cfg, "architecture", cfg.text("architecture", "standard"), ARCHITECTURES);
    if (era == null) {
      cfg.refuseUnknown(SaeLensKeys.older());
    }
    type(cfg);
    String activationKey = cfg.has("activation_fn") ? "activation_fn" : "activation_fn_str";
    String activation = known(cfg, activationKey, cfg.text(activationKey, "relu"), ACTIVATIONS);
    if (activation.equals("topk") || architecture.equals("topk")) {
      if (!architecture.equals("standard") && !architecture.equals("topk")) {
        throw cfg.fault("a " + architecture + " SAE with the activation topk is not read");
      }
      architecture = "topk";
    }
    JsonNode arguments = cfg.node("activation_fn_kwargs");
    if (!arguments.isEmpty() && !(architecture.equals("topk") && arguments.size() == 1)) {
      throw cfg.fault("'activation_fn_kwargs' is " + arguments + ", which is not understood");
    }
    int k =
        architecture.equals("topk")
            ? cfg.section("activation_fn_kwargs").whole("k", 1, MOST_FEATURES)
            : 0;
    String hookKey = cfg.has("hook_point") ? "hook_point" : "hook_name";
    String layerKey = cfg.has("hook_point_layer") ? "hook_point_layer" : "hook_layer";
    singleHead(cfg, "hook_head_index");
    singleHead(cfg, "hook_point_head_index");
    JsonNode normalize = cfg.node("normalize_activations");
    String normalization =
        normalize.isNull()
            ? "none"
            : normalize.isBoolean()
                ? (normalize.booleanValue() ? AVERAGE_NORM : "none")
                : cfg.text("normalize_activations");
    String shown =
        cfg.has("hook_point")
            ? "saelens-pre-v2"
            : cfg.has("architecture") ? "saelens-v5" : "saelens-v3";
    return new SaeLensSettings(
        era == null ? shown : era,
        architecture,
        cfg.whole("d_in", 1, MOST_INPUTS),
        cfg.whole("d_sae", 1, MOST_FEATURES),
        k,
        false,
        cfg.flag("apply_b_dec_to_input", true),
        normalization(cfg, normalization),
        normalization.equals(AVERAGE_NORM),
        1,
        cfg.flag("finetuning_scaling_factor", false),
        null,
        cfg.text(hookKey, null),
        cfg.whole(layerKey, 0, 9999, -1),
        cfg.text("model_name", ""),
        cfg.flag("prepend_bos", true),
        cfg.whole("context_size", 1, 1 << 24, 0),
        basis(cfg),
        cfg.others(SaeLensKeys.used()));
  }

  private static SaeLensSettings modern(JsonSettings cfg) {
    if (TranscoderReader.isTranscoder(cfg.text("architecture"))) {
      throw cfg.fault("is a transcoder, which predicts another site than it reads, and no SAE");
    }
    String architecture = known(cfg, "architecture", cfg.text("architecture"), ARCHITECTURES);
    cfg.refuseUnknown(SaeLensKeys.modern());
    type(cfg);
    boolean topK = architecture.equals("topk");
    if (cfg.has("k") && !topK) {
      throw cfg.fault("'k' is set for a " + architecture + " SAE");
    }
    JsonSettings metadata = cfg.section("metadata");
    singleHead(metadata, "hook_head_index");
    String hookName = metadata.text("hook_name", null);
    String out = metadata.text("hook_name_out", hookName);
    if (out != null && !out.equals(hookName)) {
      throw cfg.fault("writes to another site ('" + out + "'): that is a transcoder, and no SAE");
    }
    String normalization = cfg.text("normalize_activations", "none");
    boolean constant = normalization.equals(CONSTANT_SCALAR);
    double scalar = constant ? scalar(cfg) : 1;
    if (!constant && cfg.has(SCALAR)) {
      throw cfg.fault("'" + SCALAR + "' is set, but 'normalize_activations' asks for none");
    }
    Map<String, String> notes = new HashMap<>(cfg.others(SaeLensKeys.used()));
    notes.putAll(metadata.others(SaeLensKeys.used()));
    return new SaeLensSettings(
        "saelens-v6",
        architecture,
        cfg.whole("d_in", 1, MOST_INPUTS),
        cfg.whole("d_sae", 1, MOST_FEATURES),
        topK ? cfg.whole("k", 1, MOST_FEATURES) : 0,
        topK && cfg.flag("rescale_acts_by_decoder_norm", false),
        cfg.flag("apply_b_dec_to_input", true),
        constant ? InputNormalization.NONE : normalization(cfg, normalization),
        normalization.equals(AVERAGE_NORM),
        scalar,
        false,
        known(cfg, "reshape_activations", cfg.text("reshape_activations", "none"), RESHAPES),
        hookName,
        metadata.whole("hook_layer", 0, 9999, -1),
        metadata.text("model_name", ""),
        metadata.flag("prepend_bos", true),
        metadata.whole("context_size", 1, 1 << 24, 0),
        basis(metadata),
        notes);
  }

  /** Whether the SAE of that site reads flattened heads. */
  boolean flattensHeads(JsonSettings cfg, String hook) {
    boolean heads = hook.contains("hook_z");
    if (reshape != null && heads != reshape.equals("hook_z")) {
      throw cfg.fault("'reshape_activations' is '" + reshape + "' for the site '" + hook + "'");
    }
    return heads;
  }

  /** The normalisation of a file that can have no factor to fold. */
  static InputNormalization runTimeNormalization(JsonSettings cfg) {
    String name = cfg.text("normalize_activations", "none");
    if (name.equals(AVERAGE_NORM) || name.equals(CONSTANT_SCALAR)) {
      throw cfg.fault("'normalize_activations' is '" + name + "', which a transcoder cannot undo");
    }
    return normalization(cfg, name);
  }

  private static double scalar(JsonSettings cfg) {
    double factor = cfg.number(SCALAR);
    if (!(factor > 0) || !Float.isFinite((float) factor) || (float) factor == 0) {
      throw cfg.fault("'" + SCALAR + "' is " + factor + ", expected a positive number");
    }
    return factor;
  }

  private static InputNormalization normalization(JsonSettings cfg, String name) {
    for (InputNormalization normalization : InputNormalization.values()) {
      if (normalization.saeLensName().equals(name)) {
        return normalization;
      }
    }
    known(
        cfg,
        "normalize_activations",
        name,
        List.of(AVERAGE_NORM, CONSTANT_SCALAR, "none", "layer_norm", "constant_norm_rescale"));
    return InputNormalization.NONE;
  }

  private static String known(JsonSettings cfg, String key, String value, List<String> values) {
    if (!values.contains(value)) {
      throw cfg.unknownValue(key, value, values);
    }
    return value;
  }

  private static void type(JsonSettings cfg) {
    String type = cfg.text("dtype", "float32");
    if (!TYPES.contains(type)) {
      throw cfg.unknownValue("dtype", type, TYPES);
    }
  }

  private static void singleHead(JsonSettings cfg, String key) {
    if (cfg.has(key)) {
      throw cfg.fault("'" + key + "' is set: SAEs of a single head are not read");
    }
  }

  /** How the model was loaded; a step that is not named was done if any is named. */
  static WeightBasis basis(JsonSettings cfg) {
    JsonNode arguments = cfg.node("model_from_pretrained_kwargs");
    Set<WeightStep> steps = EnumSet.noneOf(WeightStep.class);
    boolean stated = false;
    for (WeightStep step : WeightStep.values()) {
      JsonNode done = arguments.path(step.label());
      stated |= done.isBoolean();
      if (!done.isBoolean() || done.booleanValue()) {
        steps.add(step);
      }
    }
    return stated ? WeightBasis.of(steps) : WeightBasis.UNSTATED;
  }
}
