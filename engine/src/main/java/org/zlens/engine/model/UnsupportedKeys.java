package org.zlens.engine.model;

import com.fasterxml.jackson.databind.JsonNode;
import org.zlens.engine.io.JsonSettings;

/**
 * Settings that any {@code config.json} may have and that make another model of the same weights:
 * one that has them is refused, since leaving them out would give other numbers without a word.
 */
final class UnsupportedKeys {
  private UnsupportedKeys() {}

  /**
   * Refuses what the forward pass does not do.
   *
   * @throws org.zlens.engine.ZlensException of kind DATA that names the setting
   */
  static void refuse(JsonSettings json) {
    if (json.has("quantization_config")) {
      throw json.fault(
          "quantization_config",
          "says that its weights are quantised; only float32, float16 and bfloat16 are read");
    }
    if (!json.flag("is_causal", true)) {
      throw json.fault("is_causal", "is false, but only models that look back alone are known");
    }
    JsonNode both = json.node("use_bidirectional_attention");
    if (!both.isNull() && !(both.isBoolean() && !both.booleanValue())) {
      throw json.fault(
          "use_bidirectional_attention",
          "is " + both.asText() + ", but only models that look back alone are known");
    }
    for (String key : new String[] {"num_local_experts", "num_experts", "n_routed_experts"}) {
      if (json.has(key)) {
        throw json.fault(key, "is stated, but mixtures of experts are not known");
      }
    }
  }

  /**
   * Refuses files that lack the unembedding of their own that they are said to have.
   *
   * @param head the name of its tensor
   */
  static void requireHead(JsonSettings json, StoredWeights stored, String head) {
    if (!json.flag("tie_word_embeddings", true) && !stored.has(head)) {
      throw json.fault(
          "tie_word_embeddings", "is false, but there is no tensor '" + head + "' in the files");
    }
  }
}
