package org.zlens.repl.bench;

import org.zlens.engine.hook.Hooks;
import org.zlens.engine.model.BlockWeights;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.model.Weights;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.runtime.Torch;
import org.zlens.engine.train.InitialWeights;

/**
 * A forward pass of the size of GPT-2 Small, 8 prompts of 64 tokens, with every site that fires by
 * default kept, against nothing but its matrix products. Both run on one native thread and count
 * the CPU time of that thread, in turns, so that other load on the machine falls out.
 */
final class ForwardBenchmark implements Benchmark {
  private static final int BATCH = 8;
  private static final int POSITIONS = 64;
  private static final ModelConfig SMALL = RandomModel.config(768, 1024, 50_257);

  @Override
  public String name() {
    return "forward";
  }

  @Override
  public Measurement measure() {
    Torch.setThreads(1);
    try (Weights weights = InitialWeights.of(SMALL, 1);
        Scope scope = Scope.open()) {
      Transformer model = new Transformer(SMALL, weights);
      Hooks hooks = Hooks.none().captureAll(SMALL);
      Tensor tokens = tokens();
      double[] forward = new double[RUNS + 2];
      double[] products = new double[RUNS + 2];
      forward(model, tokens, hooks);
      products(weights);
      for (int i = 0; i < forward.length; i++) {
        forward[i] = CpuTime.milliseconds(() -> forward(model, tokens, hooks));
        products[i] = CpuTime.milliseconds(() -> products(weights));
      }
      double baseline = Median.of(products);
      return new Measurement(
          name(),
          Median.of(forward),
          "ms",
          baseline,
          1.15 * baseline,
          "CPU time of a forward pass with all hooks kept; of its matrix products alone");
    }
  }

  private static Tensor tokens() {
    long[] ids = new long[BATCH * POSITIONS];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = i * 7919L % SMALL.dVocab();
    }
    return Tensor.of(ids, BATCH, POSITIONS);
  }

  private static void forward(Transformer model, Tensor tokens, Hooks hooks) {
    try (Scope scope = Scope.open()) {
      model.forward(tokens, hooks).logits();
    }
  }

  /** Every matrix product of the pass, on operands of the same shapes, and nothing else. */
  private static void products(Weights weights) {
    try (Scope scope = Scope.open()) {
      int rows = BATCH * POSITIONS;
      Tensor residual = Tensor.full(0.5, rows, SMALL.dModel());
      Tensor hidden = Tensor.full(0.5, rows, SMALL.dMlp());
      Tensor heads = Tensor.full(0.5, BATCH, SMALL.heads(), POSITIONS, SMALL.dHead());
      Tensor keys = Tensor.full(0.5, BATCH, SMALL.heads(), SMALL.dHead(), POSITIONS);
      for (BlockWeights block : weights.blocks()) {
        try (Scope layer = Scope.open()) {
          residual.matmul(block.wQ());
          residual.matmul(block.wK());
          residual.matmul(block.wV());
          heads.matmul(keys).matmul(heads);
          residual.matmul(block.wO());
          residual.matmul(block.wIn());
          hidden.matmul(block.wOut());
        }
      }
      residual.matmul(weights.wU());
    }
  }
}
