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
import org.zlens.engine.model.RotaryKeys;
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
  /** Of the published models, which files need not state. */
  private static final int WINDOW = 4096;

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
    if (!json.flag("tie_word_embeddings", true)) {
      throw json.fault(
          "tie_word_embeddings", "is false, but Gemma's embedding serves at both ends");
    }
    Architecture architecture = Architecture.llama(dHead, RotaryKeys.whole(json, dHead, 10_000));
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
        second ? second(json, architecture, layers) : architecture);
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

  private static Architecture second(JsonSettings json, Architecture first, int layers) {
    double scalar = ConfigKeys.between(json, "query_pre_attn_scalar", 1, 1e6, 256);
    double scoreCap = cap(json, "attn_logit_softcapping", 50);
    int reach = LlamaFormat.window(json, WINDOW);
    List<Integer> reaches =
        reach == 0 ? List.of() : LlamaFormat.reaches(json, layers, reach, layer -> layer % 2 == 0);
    return first
        .with(new AttentionRules(1 / Math.sqrt(scalar), scoreCap, reaches))
        .withPostNorms()
        .withLogitCap(cap(json, "final_logit_softcapping", 30));
  }

  /** Null stands for none, and a missing one for what the published models have. */
  private static double cap(JsonSettings json, String key, double published) {
    return ConfigKeys.between(json, key, 0, 1e6, json.states(key) ? 0 : published);
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
  public String head() {
    return LlamaWeights.HEAD;
  }

  @Override
  public boolean ignores(String name) {
    return LlamaWeights.ignores(name);
  }
}
