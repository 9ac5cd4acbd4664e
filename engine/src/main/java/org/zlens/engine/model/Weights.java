package org.zlens.engine.model;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.zlens.engine.runtime.Tensor;

/**
 * All weights of a model.
 *
 * @param wE {@code [d_vocab, d_model]}
 * @param wPos {@code [context, d_model]}, null where positions are no part of the stream
 * @param finalGain {@code [d_model]}, null where folded; likewise {@code finalBias}
 * @param wU {@code [d_model, d_vocab]}; a transposed view of {@code wE} where the two are tied
 * @param bU {@code [d_vocab]}
 */
public record Weights(
    Tensor wE,
    Tensor wPos,
    List<BlockWeights> blocks,
    Tensor finalGain,
    Tensor finalBias,
    Tensor wU,
    Tensor bU)
    implements AutoCloseable {

  /** The norm after the last block. */
  public Norm finalNorm(ModelConfig config) {
    return new Norm(config.norm(), config.normEps(), finalGain, finalBias);
  }

  /** The weights under TransformerLens's names and in its layout; views, valid in this scope. */
  public Map<String, Tensor> named(ModelConfig config) {
    Map<String, Tensor> all = new LinkedHashMap<>();
    all.put("embed.W_E", wE);
    all.put("pos_embed.W_pos", wPos);
    for (int layer = 0; layer < blocks.size(); layer++) {
      BlockWeights block = blocks.get(layer);
      String at = "blocks." + layer + ".";
      all.put(at + "ln1.w", block.ln1Gain());
      all.put(at + "ln1.b", block.ln1Bias());
      all.put(at + "attn.W_Q", reading(block.wQ(), config.heads()));
      // Where heads share keys and values, TransformerLens keeps the plain names for all heads.
      String shared = at + (config.heads() == config.keyValueHeads() ? "attn." : "attn._");
      all.put(shared + "W_K", reading(block.wK(), config.keyValueHeads()));
      all.put(shared + "W_V", reading(block.wV(), config.keyValueHeads()));
      all.put(at + "attn.W_O", block.wO().reshape(config.heads(), config.dHead(), -1));
      all.put(at + "attn.b_Q", block.bQ().reshape(config.heads(), -1));
      all.put(shared + "b_K", block.bK().reshape(config.keyValueHeads(), -1));
      all.put(shared + "b_V", block.bV().reshape(config.keyValueHeads(), -1));
      all.put(at + "attn.b_O", block.bO());
      all.put(at + "ln2.w", block.ln2Gain());
      all.put(at + "ln2.b", block.ln2Bias());
      all.put(at + "ln1_post.w", block.ln1PostGain());
      all.put(at + "ln2_post.w", block.ln2PostGain());
      all.put(at + "mlp.W_gate", block.wGate());
      all.put(at + "mlp.b_gate", block.bGate());
      all.put(at + "mlp.W_in", block.wIn());
      all.put(at + "mlp.b_in", block.bIn());
      all.put(at + "mlp.W_out", block.wOut());
      all.put(at + "mlp.b_out", block.bOut());
    }
    all.put("ln_final.w", finalGain);
    all.put("ln_final.b", finalBias);
    all.put("unembed.W_U", wU);
    all.put("unembed.b_U", bU);
    all.values().removeIf(tensor -> tensor == null);
    return all;
  }

  /** {@code [d_model, head * d_head]} seen as {@code [head, d_model, d_head]}. */
  private static Tensor reading(Tensor flat, int heads) {
    return flat.reshape(flat.size(0), heads, -1).permute(1, 0, 2);
  }

  /** The tensors themselves, without those that were folded away. */
  public Collection<Tensor> tensors() {
    Map<String, Tensor> all = new LinkedHashMap<>();
    all.put("wE", wE);
    all.put("wPos", wPos);
    for (int layer = 0; layer < blocks.size(); layer++) {
      BlockWeights b = blocks.get(layer);
      Tensor[] tensors = {
        b.ln1Gain(),
        b.ln1Bias(),
        b.wQ(),
        b.bQ(),
        b.wK(),
        b.bK(),
        b.wV(),
        b.bV(),
        b.wO(),
        b.bO(),
        b.ln2Gain(),
        b.ln2Bias(),
        b.wIn(),
        b.bIn(),
        b.wOut(),
        b.bOut(),
        b.wGate(),
        b.bGate(),
        b.ln1PostGain(),
        b.ln2PostGain()
      };
      for (int i = 0; i < tensors.length; i++) {
        all.put(layer + "." + i, tensors[i]);
      }
    }
    all.put("finalGain", finalGain);
    all.put("finalBias", finalBias);
    all.put("wU", wU);
    all.put("bU", bU);
    all.values().removeIf(tensor -> tensor == null);
    return all.values();
  }

  @Override
  public void close() {
    tensors().forEach(Tensor::close);
  }
}
