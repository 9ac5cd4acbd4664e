package org.zlens.engine.model;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import java.util.function.Supplier;
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * All weights of a model: the embedding, the blocks and the unembedding, each of which may still be
 * in its file. A part is read when it is first asked for, and stays; of several threads one reads
 * and the others wait.
 */
public final class Weights implements AutoCloseable {
  private final Part<Embedding> embedding;
  private final List<Part<BlockWeights>> parts;
  private final Part<Unembedding> unembedding;
  private final List<BlockWeights> blocks;

  private Weights(
      Part<Embedding> embedding, List<Part<BlockWeights>> parts, Part<Unembedding> unembedding) {
    this.embedding = embedding;
    this.parts = List.copyOf(parts);
    this.unembedding = unembedding;
    this.blocks = new Blocks(this.parts);
  }

  /**
   * Weights that are there.
   *
   * @param wE {@code [d_vocab, d_model]}
   * @param wPos {@code [context, d_model]}, null where positions are no part of the stream
   * @param finalGain {@code [d_model]}, null where folded; likewise {@code finalBias}
   * @param wU {@code [d_model, d_vocab]}; a transposed view of {@code wE} where the two are tied
   * @param bU {@code [d_vocab]}
   */
  public Weights(
      Tensor wE,
      Tensor wPos,
      List<BlockWeights> blocks,
      Tensor finalGain,
      Tensor finalBias,
      Tensor wU,
      Tensor bU) {
    this(
        Part.of(new Embedding(wE, wPos), Embedding::named),
        blocks.stream().map(block -> Part.of(block, BlockWeights::named)).toList(),
        Part.of(new Unembedding(finalGain, finalBias, wU, bU), Unembedding::named));
  }

  /** Weights whose parts are made as they are needed. */
  static Weights from(WeightParts source, int layers) {
    Part<Embedding> embedding = Part.from(source::embedding, Embedding::named);
    List<Part<BlockWeights>> blocks = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      int number = layer;
      blocks.add(Part.from(() -> source.block(number), BlockWeights::named));
    }
    Supplier<Unembedding> last =
        () -> {
          Unembedding own = source.unembedding();
          return own.wU() == null ? own.with(embedding.get().wE().transpose(0, 1)) : own;
        };
    return new Weights(embedding, blocks, Part.from(last, Unembedding::named));
  }

  /** Blocks by their numbers, each made when it is asked for. */
  private static final class Blocks extends AbstractList<BlockWeights> implements RandomAccess {
    private final List<Part<BlockWeights>> parts;

    Blocks(List<Part<BlockWeights>> parts) {
      this.parts = parts;
    }

    @Override
    public BlockWeights get(int layer) {
      BlockWeights kept = parts.get(layer).get();
      if (!kept.wQ().type().isNarrow()) {
        return kept;
      }
      Map<String, Tensor> named = kept.named();
      named.replaceAll((name, tensor) -> wide(tensor));
      return BlockWeights.of(named);
    }

    @Override
    public int size() {
      return parts.size();
    }
  }

  /** {@code [d_vocab, d_model]}. */
  public Tensor wE() {
    return wide(embedding.get().wE());
  }

  /** {@code [context, d_model]}, null where positions are no part of the stream. */
  public Tensor wPos() {
    return embedding.get().wPos();
  }

  /**
   * The blocks in their order; looking at one makes it. Of weights that are kept in 16 bits each
   * look makes tensors of 32 anew, in the open scope.
   */
  public List<BlockWeights> blocks() {
    return blocks;
  }

  /** {@code [d_model]}, null where folded. */
  public Tensor finalGain() {
    return unembedding.get().finalGain();
  }

  /** {@code [d_model]}, null where folded. */
  public Tensor finalBias() {
    return unembedding.get().finalBias();
  }

  /** {@code [d_model, d_vocab]}; a transposed view of {@link #wE} where the two are tied. */
  public Tensor wU() {
    return wide(unembedding.get().wU());
  }

  /** {@code [d_vocab]}. */
  public Tensor bU() {
    return unembedding.get().bU();
  }

  /** The embedding as it is kept, which may be in 16 bits. */
  Tensor keptE() {
    return embedding.get().wE();
  }

  /** The unembedding as it is kept. */
  Tensor keptU() {
    return unembedding.get().wU();
  }

  /** A block as it is kept. */
  BlockWeights kept(int layer) {
    return parts.get(layer).get();
  }

  private static Tensor wide(Tensor tensor) {
    return tensor == null || !tensor.type().isNarrow() ? tensor : tensor.toFloats();
  }

  /** Whether a matrix is the other transposed, in the same memory. */
  static boolean isTranspose(Tensor a, Tensor b) {
    try (Scope scope = Scope.open()) {
      return Kernels.call("is_transpose", a, b).longs()[0] != 0;
    }
  }

  /** The norm after the last block. */
  public Norm finalNorm(ModelConfig config) {
    return new Norm(config.norm(), config.normEps(), finalGain(), finalBias());
  }

  /** Whether the weights of a block are in memory. */
  public boolean isMade(int layer) {
    return parts.get(layer).isMade();
  }

  /** Whether all weights are in memory. */
  public boolean isMade() {
    return embedding.isMade() && unembedding.isMade() && parts.stream().allMatch(Part::isMade);
  }

  /** Bytes of the weights that are in memory; a matrix that serves twice counts once. */
  public long bytes() {
    long all = parts.stream().mapToLong(Part::bytes).sum() + embedding.bytes();
    if (!unembedding.isMade()) {
      return all;
    }
    boolean tied = embedding.isMade() && keptU() != null && isTranspose(keptU(), keptE());
    return all + unembedding.bytes() - (tied ? keptU().byteCount() : 0);
  }

  /** The weights under TransformerLens's names and in its layout; views, valid in this scope. */
  public Map<String, Tensor> named(ModelConfig config) {
    Map<String, Tensor> all = new LinkedHashMap<>();
    all.put("embed.W_E", wE());
    all.put("pos_embed.W_pos", wPos());
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
    all.put("ln_final.w", finalGain());
    all.put("ln_final.b", finalBias());
    all.put("unembed.W_U", wU());
    all.put("unembed.b_U", bU());
    all.values().removeIf(tensor -> tensor == null);
    return all;
  }

  /** {@code [d_model, head * d_head]} seen as {@code [head, d_model, d_head]}. */
  private static Tensor reading(Tensor flat, int heads) {
    return flat.reshape(flat.size(0), heads, -1).permute(1, 0, 2);
  }

  /** The tensors as they are kept, all of them, without those that were folded away. */
  public Collection<Tensor> tensors() {
    List<Tensor> all = new ArrayList<>(embedding.get().named().values());
    parts.forEach(part -> all.addAll(part.get().named().values()));
    all.addAll(unembedding.get().named().values());
    return all;
  }

  @Override
  public void close() {
    embedding.close();
    parts.forEach(Part::close);
    unembedding.close();
  }
}
