package org.zlens.engine.train;

import java.util.ArrayList;
import java.util.List;
import org.zlens.engine.model.BlockWeights;
import org.zlens.engine.model.Weights;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * The weights of a model in training: leaves whose gradients are asked for, in a fixed order.
 *
 * <p>The unembedding is the embedding, so it is no parameter of its own; each forward pass takes a
 * transposed view of it, so that the gradient reaches the one tensor from both ends.
 */
final class Parameters implements AutoCloseable {
  private final List<Tensor> leaves = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private final Weights leafWeights;

  /** Leaves with the values of the weights, which stay the caller's. */
  Parameters(Weights start) {
    try (Scope scope = Scope.open()) {
      Tensor wE = leaf("wte", start.wE());
      Tensor wPos = leaf("wpe", start.wPos());
      List<BlockWeights> blocks = new ArrayList<>();
      for (int layer = 0; layer < start.blocks().size(); layer++) {
        blocks.add(block("h." + layer + ".", start.blocks().get(layer)));
      }
      Tensor gain = leaf("ln_f.w", start.finalGain());
      Tensor bias = leaf("ln_f.b", start.finalBias());
      Tensor bU = Scope.release(start.bU().copy());
      leafWeights = new Weights(wE, wPos, List.copyOf(blocks), gain, bias, null, bU);
    }
  }

  private BlockWeights block(String at, BlockWeights b) {
    return new BlockWeights(
        leaf(at + "ln1.w", b.ln1Gain()),
        leaf(at + "ln1.b", b.ln1Bias()),
        leaf(at + "W_Q", b.wQ()),
        leaf(at + "b_Q", b.bQ()),
        leaf(at + "W_K", b.wK()),
        leaf(at + "b_K", b.bK()),
        leaf(at + "W_V", b.wV()),
        leaf(at + "b_V", b.bV()),
        leaf(at + "W_O", b.wO()),
        leaf(at + "b_O", b.bO()),
        leaf(at + "ln2.w", b.ln2Gain()),
        leaf(at + "ln2.b", b.ln2Bias()),
        leaf(at + "W_in", b.wIn()),
        leaf(at + "b_in", b.bIn()),
        leaf(at + "W_out", b.wOut()),
        leaf(at + "b_out", b.bOut()));
  }

  private Tensor leaf(String name, Tensor value) {
    Tensor leaf = Scope.release(value.leaf());
    names.add(name);
    leaves.add(leaf);
    return leaf;
  }

  /** Weights for one forward pass in the caller's scope; gradients flow to the leaves. */
  Weights weights() {
    Weights w = leafWeights;
    return new Weights(
        w.wE(), w.wPos(), w.blocks(), w.finalGain(), w.finalBias(), w.wE().transpose(0, 1), w.bU());
  }

  /** The parameters, in the order of {@link #names}. */
  List<Tensor> leaves() {
    return leaves;
  }

  /** Names of the parameters, for example {@code h.0.W_Q}. */
  List<String> names() {
    return names;
  }

  /** Whether a parameter is a matrix inside a block. */
  boolean isBlockMatrix(int index) {
    return names.get(index).startsWith("h.") && leaves.get(index).rank() == 2;
  }

  @Override
  public void close() {
    leaves.forEach(Tensor::close);
    leafWeights.bU().close();
  }
}
