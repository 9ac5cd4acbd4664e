package org.zlens.engine.model.llama;

import java.util.List;
import org.zlens.engine.model.BlockWeights;
import org.zlens.engine.model.Embedding;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.StoredWeights;
import org.zlens.engine.model.Unembedding;
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * Weights under the names that Hugging Face gives those of Llama and its relatives. Linear weights
 * are stored output by input, and queries and keys so that halves of a head turn together.
 *
 * <p>Gemma stores gains less one, and its embedding is scaled by the root of the model's width
 * after it has served as unembedding (interop 2.5).
 */
public final class LlamaWeights {
  /** The matrix that logits are made by, where it is not the embedding. */
  public static final String HEAD = "lm_head.weight";

  private static final String EMBEDDING = "model.embed_tokens.weight";

  private final StoredWeights stored;
  private final ModelConfig config;
  private final boolean gemma;

  /**
   * Weights in open files.
   *
   * @param gemma whether they are Gemma's
   */
  public LlamaWeights(StoredWeights stored, ModelConfig config, boolean gemma) {
    this.stored = stored;
    this.config = config;
    this.gemma = gemma;
  }

  /** What tokens enter the stream by. */
  public Embedding embedding() {
    Tensor read = stored.read(EMBEDDING, config.dVocab(), config.dModel());
    if (gemma) {
      Kernels.run("scale", List.of(read), Math.sqrt(config.dModel()));
    }
    return new Embedding(read, null);
  }

  /** What logits are made by. */
  public Unembedding unembedding(boolean shares) {
    boolean own = stored.has(HEAD) && !gemma;
    String name = own ? HEAD : EMBEDDING;
    // Gemma's embedding is scaled, so that it cannot serve at both ends.
    boolean absent = shares && !own && !gemma;
    return new Unembedding(
        gain("model.norm"),
        null,
        absent ? null : stored.readTransposed(name, config.dVocab(), config.dModel()),
        stored.zeros(config.dVocab()));
  }

  /** Whether a stored tensor is none of the weights. */
  public static boolean ignores(String name) {
    return name.endsWith(".rotary_emb.inv_freq") || name.equals(HEAD);
  }

  /** A block. */
  public BlockWeights block(int layer) {
    String at = "model.layers." + layer + ".";
    int d = config.dModel();
    int mlp = config.dMlp();
    int heads = config.heads() * config.dHead();
    int shared = config.keyValueHeads() * config.dHead();
    boolean posts = config.architecture().postNorms();
    String second = posts ? "pre_feedforward_layernorm" : "post_attention_layernorm";
    return new BlockWeights(
        gain(at + "input_layernorm"),
        null,
        linear(at + "self_attn.q_proj", heads, d),
        stored.readOrZeros(at + "self_attn.q_proj.bias", heads),
        linear(at + "self_attn.k_proj", shared, d),
        stored.readOrZeros(at + "self_attn.k_proj.bias", shared),
        linear(at + "self_attn.v_proj", shared, d),
        stored.readOrZeros(at + "self_attn.v_proj.bias", shared),
        linear(at + "self_attn.o_proj", d, heads),
        stored.readOrZeros(at + "self_attn.o_proj.bias", d),
        gain(at + second),
        null,
        linear(at + "mlp.up_proj", mlp, d),
        stored.readOrZeros(at + "mlp.up_proj.bias", mlp),
        linear(at + "mlp.down_proj", d, mlp),
        stored.readOrZeros(at + "mlp.down_proj.bias", d),
        linear(at + "mlp.gate_proj", mlp, d),
        stored.readOrZeros(at + "mlp.gate_proj.bias", mlp),
        posts ? gain(at + "post_attention_layernorm") : null,
        posts ? gain(at + "post_feedforward_layernorm") : null);
  }

  private Tensor linear(String name, long out, long in) {
    return stored.readTransposed(name + ".weight", out, in);
  }

  private Tensor gain(String name) {
    Tensor read = stored.read(name + ".weight", config.dModel());
    if (!gemma) {
      return read;
    }
    try (Scope scope = Scope.open()) {
      return scope.keep(read.add(1));
    }
  }
}
