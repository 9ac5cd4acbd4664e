package org.zlens.engine.model.llama;

import java.util.ArrayList;
import java.util.List;
import org.zlens.engine.model.BlockWeights;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.StoredWeights;
import org.zlens.engine.model.Weights;
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

  /** Reads them all, in the open scope. */
  public Weights read() {
    int d = config.dModel();
    String head = "lm_head.weight";
    Tensor embedding = stored.read("model.embed_tokens.weight", config.dVocab(), d);
    List<BlockWeights> blocks = new ArrayList<>();
    for (int layer = 0; layer < config.layers(); layer++) {
      blocks.add(block("model.layers." + layer + "."));
    }
    Tensor gain = gain("model.norm");
    boolean own = stored.has(head) && !gemma;
    Tensor unembedding = own ? stored.read(head, config.dVocab(), d) : embedding;
    stored.requireAllRead(name -> name.endsWith(".rotary_emb.inv_freq") || name.equals(head));
    return new Weights(
        gemma ? embedding.mul((float) Math.sqrt(d)) : embedding,
        null,
        List.copyOf(blocks),
        gain,
        null,
        unembedding.transpose(0, 1),
        Tensor.zeros(config.dVocab()));
  }

  private BlockWeights block(String at) {
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
