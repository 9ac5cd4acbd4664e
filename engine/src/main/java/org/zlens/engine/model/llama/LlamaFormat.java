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
import org.zlens.engine.model.RotaryKeys;
import org.zlens.engine.model.StoredWeights;
import org.zlens.engine.model.Unembedding;

/**
 * Llama, Mistral and Qwen 2 as Hugging Face stores them: RMSNorm, queries and keys that turn, heads
 * that share keys and values, SiLU-gated MLPs; Qwen 2 has biases of queries, keys and values, and
 * Mistral sees so many positions back.
 */
public final class LlamaFormat implements ModelFormat {
  private static final String SLIDING = "sliding_window";

  /** Of the published models, which files need not state. */
  private static final int WINDOW = 4096;

  @Override
  public ModelConfig config(JsonSettings json) {
    int dModel = ConfigKeys.size(json, "hidden_size");
    int heads = ConfigKeys.size(json, "num_attention_heads");
    int layers = ConfigKeys.layers(json, "num_hidden_layers");
    int dHead = ConfigKeys.headWidth(json, dModel, heads);
    Architecture architecture = Architecture.llama(dHead, RotaryKeys.whole(json, dHead, 10_000));
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
    String type = json.text("model_type");
    boolean mistral = type.equals("mistral");
    boolean qwen = type.equals("qwen2");
    if (!mistral && !qwen && json.has(SLIDING)) {
      throw json.fault(SLIDING, "is stated, but models of type '" + type + "' see all positions");
    }
    boolean used = mistral || qwen && json.flag("use_sliding_window", false);
    int reach = used ? window(json, WINDOW) : 0;
    int first = qwen ? json.whole("max_window_layers", 0, 1024, 28) : 0;
    return reach == 0 ? List.of() : reaches(json, layers, reach, layer -> layer >= first);
  }

  /**
   * How many positions back a block sees that does not see all; 0 if there is none.
   *
   * @param published what a missing one stands for, while null stands for none
   */
  public static int window(JsonSettings json, int published) {
    return json.states(SLIDING) && !json.has(SLIDING)
        ? 0
        : ConfigKeys.size(json, SLIDING, published);
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
  public String head() {
    return LlamaWeights.HEAD;
  }

  @Override
  public boolean ignores(String name) {
    return LlamaWeights.ignores(name);
  }
}
