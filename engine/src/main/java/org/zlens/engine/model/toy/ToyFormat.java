package org.zlens.engine.model.toy;

import java.util.List;
import java.util.Map;
import org.zlens.engine.io.JsonSettings;
import org.zlens.engine.model.ActivationKind;
import org.zlens.engine.model.Architecture;
import org.zlens.engine.model.BlockWeights;
import org.zlens.engine.model.ConfigKeys;
import org.zlens.engine.model.Embedding;
import org.zlens.engine.model.MlpKind;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.ModelFormat;
import org.zlens.engine.model.NormKind;
import org.zlens.engine.model.StoredWeights;
import org.zlens.engine.model.Unembedding;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * Neel Nanda's toy models, GELU-2L among them: a state dict under TransformerLens's own names
 * (interop 2.4). The norm is stored in full; buffers of the masks are skipped. Models of attention
 * alone have no MLP.
 */
public final class ToyFormat implements ModelFormat {
  private static final String UNEMBEDDING = "unembed.W_U";

  private static final Map<String, ActivationKind> ACTIVATIONS =
      Map.of(
          "gelu", ActivationKind.GELU,
          "gelu_new", ActivationKind.GELU_TANH,
          "relu", ActivationKind.RELU,
          "silu", ActivationKind.SILU);

  private static final List<String> NORMS = List.of("LN", "LNPre");

  @Override
  public ModelConfig config(JsonSettings json) {
    for (String key : new String[] {"shortformer_pos", "final_rms"}) {
      if (json.flag(key, false)) {
        throw json.fault(key, "is true, which is not supported");
      }
    }
    int dModel = ConfigKeys.size(json, "d_model");
    int heads = ConfigKeys.size(json, "n_heads");
    int dHead = ConfigKeys.size(json, "d_head", Math.max(1, dModel / heads));
    boolean alone = json.flag("attn_only", false);
    Architecture gpt2 = Architecture.gpt2(dHead);
    return new ModelConfig(
        ConfigKeys.layers(json, "n_layers"),
        dModel,
        heads,
        heads,
        dHead,
        alone ? 0 : ConfigKeys.size(json, "d_mlp", 4 * dModel),
        ConfigKeys.size(json, "n_ctx"),
        ConfigKeys.size(json, "d_vocab"),
        norm(json),
        // What the file says of it is not what the model was trained with.
        1e-5,
        alone ? ActivationKind.GELU : activation(json),
        alone ? gpt2.with(MlpKind.NONE) : gpt2);
  }

  private static NormKind norm(JsonSettings json) {
    String key = json.has("normalization") ? "normalization" : "normalization_type";
    String name = json.text(key, "LN");
    if (!NORMS.contains(name)) {
      throw json.unknownValue(key, name, NORMS);
    }
    // LNPre is what becomes of it: the files have gains and biases all the same.
    return NormKind.LAYER_NORM;
  }

  private static ActivationKind activation(JsonSettings json) {
    String name = json.text("act_fn");
    ActivationKind kind = ACTIVATIONS.get(name);
    if (kind == null) {
      throw json.unknownValue("act_fn", name, ACTIVATIONS.keySet());
    }
    return kind;
  }

  @Override
  public Embedding embedding(StoredWeights stored, ModelConfig config) {
    int d = config.dModel();
    return new Embedding(
        stored.read("embed.W_E", config.dVocab(), d),
        stored.read("pos_embed.W_pos", config.context(), d));
  }

  @Override
  public Unembedding unembedding(StoredWeights stored, ModelConfig config, boolean shares) {
    Tensor[] norm = norm(stored, "ln_final", config.dModel());
    return new Unembedding(
        norm[0],
        norm[1],
        stored.read(UNEMBEDDING, config.dModel(), config.dVocab()),
        stored.readOrZeros("unembed.b_U", config.dVocab()));
  }

  @Override
  public String head() {
    return UNEMBEDDING;
  }

  @Override
  public boolean ignores(String name) {
    return name.endsWith(".attn.mask") || name.endsWith(".attn.IGNORE");
  }

  @Override
  public BlockWeights block(StoredWeights stored, ModelConfig config, int layer) {
    String at = "blocks." + layer + ".";
    int d = config.dModel();
    int mlp = config.dMlp();
    boolean has = config.hasMlp();
    Tensor[] first = norm(stored, at + "ln1", d);
    Tensor[] second = has ? norm(stored, at + "ln2", d) : new Tensor[2];
    return new BlockWeights(
        first[0],
        first[1],
        reading(stored, at + "attn.W_Q", config),
        bias(stored, at + "attn.b_Q", config),
        reading(stored, at + "attn.W_K", config),
        bias(stored, at + "attn.b_K", config),
        reading(stored, at + "attn.W_V", config),
        bias(stored, at + "attn.b_V", config),
        stored.read(at + "attn.W_O", config.heads(), config.dHead(), d).reshape(-1, d),
        stored.readOrZeros(at + "attn.b_O", d),
        second[0],
        second[1],
        has ? stored.read(at + "mlp.W_in", d, mlp) : null,
        has ? stored.readOrZeros(at + "mlp.b_in", mlp) : null,
        has ? stored.read(at + "mlp.W_out", mlp, d) : null,
        has ? stored.readOrZeros(at + "mlp.b_out", d) : null);
  }

  /** Gain and bias; a file that was folded already has neither. */
  private static Tensor[] norm(StoredWeights stored, String at, int d) {
    boolean folded = !stored.has(at + ".w") && !stored.has(at + ".b");
    return new Tensor[] {
      folded ? stored.ones(d) : stored.read(at + ".w", d),
      folded ? stored.zeros(d) : stored.read(at + ".b", d)
    };
  }

  /** {@code [head, d_model, d_head]} as {@code [d_model, head * d_head]}. */
  private static Tensor reading(StoredWeights stored, String name, ModelConfig config) {
    Tensor each = stored.read(name, config.heads(), config.dModel(), config.dHead());
    try (Scope scope = Scope.open()) {
      Tensor flat = each.permute(1, 0, 2).copy().reshape(config.dModel(), -1);
      each.close();
      return scope.keep(flat);
    }
  }

  private static Tensor bias(StoredWeights stored, String name, ModelConfig config) {
    return stored.has(name)
        ? stored.read(name, config.heads(), config.dHead()).reshape(-1)
        : stored.zeros((long) config.heads() * config.dHead());
  }
}
