package org.zlens.engine.sae;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.zlens.engine.io.AtomicFile;
import org.zlens.engine.io.ElementType;
import org.zlens.engine.io.SafetensorsWriter;
import org.zlens.engine.model.WeightStep;

/**
 * Writes SAELens folders of version 6, which SAELens reads too.
 *
 * <p>What the file said of its training stays: the version that trained it is never replaced by
 * another, and an SAE of an older layout or another format says which it came from.
 */
public final class SaeLensWriter {
  private static final JsonMapper JSON = new JsonMapper();

  /** The version whose layout this is, for SAEs that were not in a layout of version 6 before. */
  private static final String VERSION = "6.18.0";

  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9]\\d{0,17})(\\.\\d{1,17})?([eE][-+]?\\d{1,3})?");

  private static final String VERSION_KEY = "sae_lens_version";
  private static final String TRAINING_VERSION_KEY = "sae_lens_training_version";

  private SaeLensWriter() {}

  /**
   * Writes {@code cfg.json}, {@code sae_weights.safetensors} and, if the sparsity is known, {@code
   * sparsity.safetensors}. The configuration is written last, so that a folder that was cut short
   * is not taken for an SAE.
   *
   * @param type F32, or F16 for half the size, each value rounded to the nearest
   */
  public static void write(Path folder, SaeWeights sae, ElementType type) {
    long dIn = sae.config().dIn();
    long dSae = sae.config().dSae();
    SafetensorsWriter weights = new SafetensorsWriter();
    add(weights, "W_enc", type, sae.wEnc(), dIn, dSae);
    add(weights, "W_dec", type, sae.wDec(), dSae, dIn);
    add(weights, "b_dec", type, sae.bDec(), dIn);
    if (sae.encoder() instanceof SaeEncoder.Gated gated) {
      add(weights, "b_gate", type, gated.gateBias(), dSae);
      add(weights, "b_mag", type, gated.magnitudeBias(), dSae);
      add(weights, "r_mag", type, gated.magnitudeLogScale(), dSae);
    } else {
      add(weights, "b_enc", type, sae.bEnc(), dSae);
    }
    if (sae.encoder() instanceof SaeEncoder.JumpRelu jump) {
      add(weights, "threshold", type, jump.threshold(), dSae);
    }
    weights.write(folder.resolve(SaeLensFormat.WEIGHTS));
    if (sae.logSparsity().length > 0) {
      new SafetensorsWriter()
          .add("sparsity", new long[] {dSae}, sae.logSparsity())
          .write(folder.resolve(SaeLensFormat.SPARSITY));
    }
    String settings = settings(sae, type).toPrettyString() + "\n";
    AtomicFile.writeText(folder.resolve(SaeLensFormat.SETTINGS), settings);
  }

  private static void add(
      SafetensorsWriter weights, String name, ElementType type, float[] values, long... shape) {
    weights.add(name, type, shape, FloatBuffer.wrap(values));
  }

  private static ObjectNode settings(SaeWeights sae, ElementType type) {
    SaeConfig config = sae.config();
    ObjectNode cfg = JSON.createObjectNode();
    cfg.put("architecture", sae.encoder().architecture());
    cfg.put("d_in", config.dIn());
    cfg.put("d_sae", config.dSae());
    // The type to compute in, whatever the type that the tensors are stored in.
    cfg.put("dtype", "float32");
    cfg.put("device", "cpu");
    cfg.put("apply_b_dec_to_input", config.subtractDecoderBias());
    cfg.put("normalize_activations", config.normalization().saeLensName());
    cfg.put("reshape_activations", config.flattenHeads() ? "hook_z" : "none");
    if (sae.encoder() instanceof SaeEncoder.TopK topK) {
      cfg.put("k", topK.k());
      cfg.put("rescale_acts_by_decoder_norm", topK.rescaled());
    }
    cfg.set("metadata", metadata(config, type));
    return cfg;
  }

  private static ObjectNode metadata(SaeConfig config, ElementType type) {
    ObjectNode metadata = JSON.createObjectNode();
    Map<String, String> notes = new TreeMap<>(config.source().notes());
    String before = notes.remove(VERSION_KEY);
    // Anything below 6 would make SAELens take the folder for one of an older layout.
    boolean modern = before != null && before.matches("([6-9]|[1-9]\\d+)\\..*");
    metadata.put(VERSION_KEY, modern ? before : VERSION);
    metadata.put(TRAINING_VERSION_KEY, notes.remove(TRAINING_VERSION_KEY));
    if (before != null && !modern) {
      metadata.put("original_sae_lens_version", before);
    }
    if (!config.source().format().equals("saelens-v6")) {
      metadata.put("converted_from", config.source().format());
    }
    metadata.put("model_name", config.modelName());
    metadata.put("model_class_name", "HookedTransformer");
    metadata.put("hook_name", config.hookName());
    metadata.put("hook_head_index", (String) null);
    ObjectNode arguments = metadata.putObject("model_from_pretrained_kwargs");
    if (config.basis().stated()) {
      for (WeightStep step : WeightStep.values()) {
        arguments.put(step.label(), config.basis().has(step));
      }
    }
    metadata.put("prepend_bos", config.prependBos());
    if (config.contextSize() > 0) {
      metadata.put("context_size", config.contextSize());
    }
    ArrayNode slice = metadata.putArray("seqpos_slice");
    slice.addNull();
    metadata.put("stored_dtype", type == ElementType.F16 ? "float16" : "float32");
    for (Map.Entry<String, String> note : notes.entrySet()) {
      if (!metadata.has(note.getKey())) {
        metadata.set(note.getKey(), scalar(note.getValue()));
      }
    }
    return metadata;
  }

  /** A note as JSON had it: true, false, a number or a text. */
  private static JsonNode scalar(String note) {
    if (note.equals("true") || note.equals("false")) {
      return JSON.getNodeFactory().booleanNode(note.equals("true"));
    }
    if (NUMBER.matcher(note).matches()) {
      try {
        return JSON.readTree(note);
      } catch (JsonProcessingException e) {
        return JSON.getNodeFactory().textNode(note);
      }
    }
    return JSON.getNodeFactory().textNode(note);
  }
}
