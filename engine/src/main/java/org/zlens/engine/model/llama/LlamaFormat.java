package org.zlens.engine.model.llama;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.zlens.engine.io.JsonSettings;
import org.zlens.engine.model.Architecture;
import org.zlens.engine.model.AttentionRules;
import org.zlens.engine.model.BlockWeights;
import org.zlens.engine.model.ConfigKeys;
import org.zlens.engine.model.Embedding;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.ModelFormat;
import org.zlens.engine.model.NormKind;
import org.zlens.engine.model.StoredWeights;
import org.zlens.engine.model.Unembedding;

/**
 * Llama, Mistral and Qwen 2 as Hugging Face stores them: RMSNorm, queries and keys that turn, heads
 * that share keys and values, SiLU-gated MLPs; Qwen 2 has biases of queries, keys and values, and
 * Mistral sees so many positions back.
 */
public final class LlamaFormat implements ModelFormat {
  @Override
  public ModelConfig config(JsonSettings json) {
    int dModel = ConfigKeys.size(json, "hidden_size");
    int heads = ConfigKeys.size(json, "num_attention_heads");
    int layers = ConfigKeys.layers(json, "num_hidden_layers");
    int dHead = ConfigKeys.headWidth(json, dModel, heads);
    Architecture architecture =
        Architecture.llama(dHead, ConfigKeys.rotary(json, "rope_theta", dHead, 10_000));
    AttentionRules plain = architecture.attention();
    return new ModelConfig(
        layers,
        dModel,
        heads,
        ConfigKeys.keyValueHeads(json, heads),
        dHead,
        ConfigKeys.size(json, "intermediate_size"),
        ConfigKeys.size(json, "max_position_embeddings"),
        ConfigKeys.size(json, "vocab_size"),
        NormKind.RMS,
        ConfigKeys.eps(json, "rms_norm_eps", 1e-6),
        ConfigKeys.activation(json, "hidden_act", "silu"),
        architecture.with(new AttentionRules(plain.scale(), 0, reaches(json, layers))));
  }

  /** How far each block sees; an empty list if all see all. */
  private static List<Integer> reaches(JsonSettings json, int layers) {
    boolean used = json.flag("use_sliding_window", !json.text("model_type").equals("qwen2"));
    if (!used || !json.has("sliding_window")) {
      return List.of();
    }
    int reach = ConfigKeys.size(json, "sliding_window");
    int first = json.has("use_sliding_window") ? json.whole("max_window_layers", 0, 1024, 0) : 0;
    return reaches(json, layers, reach, layer -> layer >= first);
  }

  /** Which blocks have the reach. */
  public interface Near {
    /** Whether a block sees so many positions back alone. */
    boolean is(int layer);
  }

  /**
   * How far each block sees, where {@code layer_types} may state it.
   *
   * @param fallback where it does not
   */
  public static List<Integer> reaches(JsonSettings json, int layers, int reach, Near fallback) {
    JsonNode types = json.node("layer_types");
    if (!types.isNull() && (!types.isArray() || types.size() != layers)) {
      throw json.fault("layer_types", "must be a list with an entry for each layer");
    }
    List<Integer> reaches = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      boolean near = fallback.is(layer);
      if (types.isArray()) {
        String type = types.get(layer).asText();
        near = type.equals("sliding_attention");
        if (!near && !type.equals("full_attention")) {
          throw json.unknownValue(
              "layer_types", type, List.of("sliding_attention", "full_attention"));
        }
      }
      reaches.add(near ? reach : 0);
    }
    return reaches;
  }

  @Override
  public Embedding embedding(StoredWeights stored, ModelConfig config) {
    return new LlamaWeights(stored, config, false).embedding();
  }

  @Override
  public BlockWeights block(StoredWeights stored, ModelConfig config, int layer) {
    return new LlamaWeights(stored, config, false).block(layer);
  }

  @Override
  public Unembedding unembedding(StoredWeights stored, ModelConfig config, boolean shares) {
    return new LlamaWeights(stored, config, false).unembedding(shares);
  }

  @Override
  public boolean ignores(String name) {
    return LlamaWeights.ignores(name);
  }
}
