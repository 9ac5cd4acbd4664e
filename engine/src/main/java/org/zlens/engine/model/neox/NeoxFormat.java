package org.zlens.engine.model.neox;

import org.zlens.engine.io.JsonSettings;
import org.zlens.engine.model.Architecture;
import org.zlens.engine.model.BlockWeights;
import org.zlens.engine.model.ConfigKeys;
import org.zlens.engine.model.Embedding;
import org.zlens.engine.model.MlpKind;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.ModelFormat;
import org.zlens.engine.model.NormKind;
import org.zlens.engine.model.PositionScheme;
import org.zlens.engine.model.RotaryKeys;
import org.zlens.engine.model.StoredWeights;
import org.zlens.engine.model.Unembedding;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * GPT-NeoX, and so Pythia, as Hugging Face stores it: attention and MLP side by side, a part of
 * each head turns, queries, keys and values of a head stored one after the other.
 */
public final class NeoxFormat implements ModelFormat {
  private static final String EMBEDDING = "gpt_neox.embed_in.weight";
  private static final String UNEMBEDDING = "embed_out.weight";

  @Override
  public ModelConfig config(JsonSettings json) {
    int dModel = ConfigKeys.size(json, "hidden_size");
    int heads = ConfigKeys.size(json, "num_attention_heads");
    if (dModel % heads != 0) {
      throw json.fault("hidden_size", dModel + " is not a multiple of its " + heads + " heads");
    }
    int dHead = dModel / heads;
    int width = (int) (dHead * RotaryKeys.share(json, "rotary_pct", 0.25));
    PositionScheme.Rotary rotary = RotaryKeys.read(json, "rotary_emb_base", width, 10_000);
    Architecture architecture =
        new Architecture(
            rotary,
            MlpKind.PLAIN,
            json.flag("use_parallel_residual", true),
            false,
            Architecture.gpt2(dHead).attention(),
            0);
    return new ModelConfig(
        ConfigKeys.layers(json, "num_hidden_layers"),
        dModel,
        heads,
        heads,
        dHead,
        ConfigKeys.size(json, "intermediate_size", 4 * dModel),
        ConfigKeys.size(json, "max_position_embeddings"),
        ConfigKeys.size(json, "vocab_size"),
        NormKind.LAYER_NORM,
        ConfigKeys.eps(json, "layer_norm_eps", 1e-5),
        ConfigKeys.activation(json, "hidden_act", "gelu"),
        architecture);
  }

  @Override
  public Embedding embedding(StoredWeights stored, ModelConfig config) {
    return new Embedding(stored.read(EMBEDDING, config.dVocab(), config.dModel()), null);
  }

  @Override
  public Unembedding unembedding(StoredWeights stored, ModelConfig config, boolean shares) {
    int d = config.dModel();
    boolean tied = !stored.has(UNEMBEDDING);
    String head = tied ? EMBEDDING : UNEMBEDDING;
    return new Unembedding(
        stored.read("gpt_neox.final_layer_norm.weight", d),
        stored.read("gpt_neox.final_layer_norm.bias", d),
        tied && shares ? null : stored.readTransposed(head, config.dVocab(), d),
        stored.zeros(config.dVocab()));
  }

  @Override
  public String head() {
    return UNEMBEDDING;
  }

  @Override
  public boolean ignores(String name) {
    return name.endsWith(".attention.bias")
        || name.endsWith(".attention.masked_bias")
        || name.endsWith(".rotary_emb.inv_freq");
  }

  @Override
  public BlockWeights block(StoredWeights stored, ModelConfig config, int layer) {
    String at = "gpt_neox.layers." + layer + ".";
    int d = config.dModel();
    int mlp = config.dMlp();
    int heads = config.heads();
    Tensor attention = stored.read(at + "attention.query_key_value.weight", 3L * d, d);
    Tensor attentionBias = stored.readOrZeros(at + "attention.query_key_value.bias", 3L * d);
    Tensor[] w = new Tensor[3];
    Tensor[] b = new Tensor[3];
    try (Scope scope = Scope.open()) {
      Tensor each = attention.reshape(heads, 3, -1, d);
      Tensor eachBias = attentionBias.reshape(heads, 3, -1);
      for (int i = 0; i < 3; i++) {
        w[i] = scope.keep(each.select(1, i).reshape(d, d).transpose(0, 1).copy());
        b[i] = scope.keep(eachBias.select(1, i).reshape(-1).copy());
      }
    }
    attention.close();
    attentionBias.close();
    return new BlockWeights(
        stored.read(at + "input_layernorm.weight", d),
        stored.read(at + "input_layernorm.bias", d),
        w[0],
        b[0],
        w[1],
        b[1],
        w[2],
        b[2],
        stored.readTransposed(at + "attention.dense.weight", d, d),
        stored.readOrZeros(at + "attention.dense.bias", d),
        stored.read(at + "post_attention_layernorm.weight", d),
        stored.read(at + "post_attention_layernorm.bias", d),
        stored.readTransposed(at + "mlp.dense_h_to_4h.weight", mlp, d),
        stored.read(at + "mlp.dense_h_to_4h.bias", mlp),
        stored.readTransposed(at + "mlp.dense_4h_to_h.weight", d, mlp),
        stored.read(at + "mlp.dense_4h_to_h.bias", d));
  }
}
