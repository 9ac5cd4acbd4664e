package org.zlens.engine.model.gpt2;

import org.zlens.engine.io.JsonSettings;
import org.zlens.engine.model.BlockWeights;
import org.zlens.engine.model.ConfigKeys;
import org.zlens.engine.model.Embedding;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.ModelFormat;
import org.zlens.engine.model.NormKind;
import org.zlens.engine.model.StoredWeights;
import org.zlens.engine.model.Unembedding;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * GPT-2 as Hugging Face stores it (interop 2.2).
 *
 * <p>Linear weights are stored input by output ({@code Conv1D}), queries, keys and values side by
 * side; names may carry the prefix {@code transformer.}; mask buffers are skipped.
 */
public final class Gpt2Format implements ModelFormat {
  private static final String HEAD = "lm_head.weight";

  @Override
  public ModelConfig config(JsonSettings json) {
    int dModel = ConfigKeys.size(json, "n_embd");
    int heads = ConfigKeys.size(json, "n_head");
    if (dModel % heads != 0) {
      throw json.fault("n_embd", dModel + " is not a multiple of n_head " + heads);
    }
    if (json.flag("scale_attn_by_inverse_layer_idx", false)
        || !json.flag("scale_attn_weights", true)) {
      throw json.fault("this scaling of attention scores is not supported");
    }
    return new ModelConfig(
        ConfigKeys.layers(json, "n_layer"),
        dModel,
        heads,
        heads,
        dModel / heads,
        ConfigKeys.size(json, "n_inner", 4 * dModel),
        ConfigKeys.size(json, "n_positions"),
        ConfigKeys.size(json, "vocab_size"),
        NormKind.LAYER_NORM,
        ConfigKeys.eps(json, "layer_norm_epsilon", 1e-5),
        ConfigKeys.activation(json, "activation_function", "gelu_new"));
  }

  private static String prefix(StoredWeights stored) {
    return stored.has("transformer.wte.weight") ? "transformer." : "";
  }

  @Override
  public Embedding embedding(StoredWeights stored, ModelConfig config) {
    int d = config.dModel();
    String prefix = prefix(stored);
    return new Embedding(
        stored.read(prefix + "wte.weight", config.dVocab(), d),
        stored.read(prefix + "wpe.weight", config.context(), d));
  }

  @Override
  public Unembedding unembedding(StoredWeights stored, ModelConfig config, boolean shares) {
    int d = config.dModel();
    String prefix = prefix(stored);
    boolean tied = !stored.has(HEAD);
    String head = tied ? prefix + "wte.weight" : HEAD;
    return new Unembedding(
        stored.read(prefix + "ln_f.weight", d),
        stored.read(prefix + "ln_f.bias", d),
        tied && shares ? null : stored.readTransposed(head, config.dVocab(), d),
        stored.zeros(config.dVocab()));
  }

  @Override
  public String head() {
    return HEAD;
  }

  @Override
  public boolean ignores(String name) {
    return name.endsWith(".attn.bias") || name.endsWith(".attn.masked_bias");
  }

  @Override
  public BlockWeights block(StoredWeights stored, ModelConfig config, int layer) {
    String at = prefix(stored) + "h." + layer + ".";
    int d = config.dModel();
    int mlp = config.dMlp();
    Tensor attention = stored.read(at + "attn.c_attn.weight", d, 3L * d);
    Tensor attentionBias = stored.read(at + "attn.c_attn.bias", 3L * d);
    Tensor[] w = new Tensor[3];
    Tensor[] b = new Tensor[3];
    try (Scope scope = Scope.open()) {
      for (int i = 0; i < 3; i++) {
        w[i] = scope.keep(attention.slice(1, (long) i * d, (i + 1L) * d).copy());
        b[i] = scope.keep(attentionBias.slice(0, (long) i * d, (i + 1L) * d).copy());
      }
    }
    attention.close();
    attentionBias.close();
    return new BlockWeights(
        stored.read(at + "ln_1.weight", d),
        stored.read(at + "ln_1.bias", d),
        w[0],
        b[0],
        w[1],
        b[1],
        w[2],
        b[2],
        stored.read(at + "attn.c_proj.weight", d, d),
        stored.read(at + "attn.c_proj.bias", d),
        stored.read(at + "ln_2.weight", d),
        stored.read(at + "ln_2.bias", d),
        stored.read(at + "mlp.c_fc.weight", d, mlp),
        stored.read(at + "mlp.c_fc.bias", mlp),
        stored.read(at + "mlp.c_proj.weight", mlp, d),
        stored.read(at + "mlp.c_proj.bias", d));
  }
}
