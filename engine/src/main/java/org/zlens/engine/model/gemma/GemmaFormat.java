package org.zlens.engine.model.gemma;

import java.util.List;
import org.zlens.engine.io.JsonSettings;
import org.zlens.engine.model.ActivationKind;
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
import org.zlens.engine.model.llama.LlamaFormat;
import org.zlens.engine.model.llama.LlamaWeights;

/**
 * Gemma as Hugging Face stores it (interop 2.5): Llama with tanh-GELU gates, gains stored less one
 * and a scaled embedding. Gemma 2 has norms after attention and MLP as well, caps scores and
 * logits, and every other block sees some positions back alone.
 */
public final class GemmaFormat implements ModelFormat {
  private final boolean second;

  /**
   * A generation of Gemma.
   *
   * @param second whether it is Gemma 2
   */
  public GemmaFormat(boolean second) {
    this.second = second;
  }

  @Override
  public ModelConfig config(JsonSettings json) {
    int dModel = ConfigKeys.size(json, "hidden_size");
    int heads = ConfigKeys.size(json, "num_attention_heads");
    int layers = ConfigKeys.layers(json, "num_hidden_layers");
    int dHead = ConfigKeys.headWidth(json, dModel, heads);
    requireGelu(json);
    Architecture architecture =
        Architecture.llama(dHead, ConfigKeys.rotary(json, "rope_theta", dHead, 10_000));
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
        ActivationKind.GELU_TANH,
        second ? second(json, architecture, layers, dHead) : architecture);
  }

  /**
   * The first files say {@code gelu} and mean what they were trained with, the approximation by
   * tanh.
   */
  private static void requireGelu(JsonSettings json) {
    String key = json.has("hidden_activation") ? "hidden_activation" : "hidden_act";
    String name = json.text(key, "gelu_pytorch_tanh");
    List<String> known = List.of("gelu", "gelu_pytorch_tanh");
    if (!known.contains(name)) {
      throw json.unknownValue(key, name, known);
    }
  }

  private static Architecture second(JsonSettings json, Architecture first, int layers, int dHead) {
    double scalar = ConfigKeys.between(json, "query_pre_attn_scalar", 1, 1e6, dHead);
    double scoreCap = ConfigKeys.between(json, "attn_logit_softcapping", 0, 1e6, 0);
    List<Integer> reaches =
        json.has("sliding_window")
            ? LlamaFormat.reaches(
                json, layers, ConfigKeys.size(json, "sliding_window"), layer -> layer % 2 == 0)
            : List.of();
    return first
        .with(new AttentionRules(1 / Math.sqrt(scalar), scoreCap, reaches))
        .withPostNorms()
        .withLogitCap(ConfigKeys.between(json, "final_logit_softcapping", 0, 1e6, 0));
  }

  @Override
  public Embedding embedding(StoredWeights stored, ModelConfig config) {
    return new LlamaWeights(stored, config, true).embedding();
  }

  @Override
  public BlockWeights block(StoredWeights stored, ModelConfig config, int layer) {
    return new LlamaWeights(stored, config, true).block(layer);
  }

  @Override
  public Unembedding unembedding(StoredWeights stored, ModelConfig config, boolean shares) {
    return new LlamaWeights(stored, config, true).unembedding(shares);
  }

  @Override
  public boolean ignores(String name) {
    return LlamaWeights.ignores(name);
  }
}
