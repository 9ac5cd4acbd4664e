package org.zlens.repl.bench;

import java.util.List;
import java.util.Random;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.model.BlockWeights;
import org.zlens.engine.model.Continuation;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.model.Weights;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.runtime.Torch;
import org.zlens.engine.train.InitialWeights;

/**
 * Generation by a model of the size of GPT-2 Small: the token that makes 256 of a text, with the
 * keys and values of the 255 before it kept, against a pass over all of them; and against nothing
 * but the matrix products that the one token needs.
 */
final class GenerationSpeed implements Benchmark {
  private static final int POSITIONS = 256;
  private static final int TOKENS = 5 * RUNS;
  private static final ModelConfig SMALL = RandomModel.config(768, 1024, 50_257);

  private enum Against {
    PASS,
    PRODUCTS
  }

  private final Against against;

  private GenerationSpeed(Against against) {
    this.against = against;
  }

  /** Against a pass over all tokens that predicts after the last alone, on all cores. */
  static GenerationSpeed withCache() {
    return new GenerationSpeed(Against.PASS);
  }

  /** Against its own matrix products, on one thread. */
  static GenerationSpeed ofOneToken() {
    return new GenerationSpeed(Against.PRODUCTS);
  }

  @Override
  public String name() {
    return against == Against.PASS ? "generate-cache" : "forward-one-token";
  }

  @Override
  public Measurement measure() {
    Torch.setThreads(against == Against.PASS ? Runtime.getRuntime().availableProcessors() : 1);
    int most = POSITIONS + TOKENS;
    long[] ids = new Random(1).longs(most, 0, SMALL.dVocab()).toArray();
    try (Weights weights = InitialWeights.of(SMALL, 1);
        Scope scope = Scope.open();
        Continuation cached = new Continuation(new Transformer(SMALL, weights), most)) {
      Tensor all = Tensor.of(ids, 1, most);
      next(cached, all.slice(1, 0, POSITIONS - TOKENS));
      double[] token = new double[2 * TOKENS];
      for (int i = 0; i < token.length; i++) {
        Tensor some = all.slice(1, 0, POSITIONS - TOKENS + i + 1);
        token[i] = milliseconds(() -> next(cached, some));
      }
      Tensor text = all.slice(1, 0, POSITIONS);
      Transformer model = new Transformer(SMALL, weights);
      Runnable other = against == Against.PASS ? () -> pass(model, text) : () -> products(weights);
      double[] baseline = new double[against == Against.PASS ? RUNS : 2 * TOKENS];
      for (int i = 0; i < baseline.length; i++) {
        baseline[i] = milliseconds(other);
      }
      return found(Median.of(token), Median.of(baseline));
    }
  }

  private Measurement found(double token, double baseline) {
    return against == Against.PASS
        ? new Measurement(
            name(),
            token,
            "ms",
            baseline,
            baseline / 20,
            "a token of some 256 with keys and values kept; a pass over 256 tokens for one")
        : new Measurement(
            name(),
            token,
            "ms",
            baseline,
            1.3 * baseline,
            "a token of some 256 with keys and values kept; its matrix products alone");
  }

  private static double milliseconds(Runnable body) {
    long start = System.nanoTime();
    body.run();
    return (System.nanoTime() - start) / 1e6;
  }

  private static void next(Continuation cached, Tensor tokens) {
    try (Scope scope = Scope.open()) {
      cached.next(tokens, Continuation.Edits.NONE).floats();
    }
  }

  private static void pass(Transformer model, Tensor tokens) {
    Location end = Location.of(Site.FINAL_NORMALIZED);
    try (Scope scope = Scope.open()) {
      Tensor normalized = model.forward(tokens, Hooks.none().capture(end).withoutLogits()).get(end);
      model.unembed(normalized.select(0, 0).select(0, POSITIONS - 1)).floats();
    }
  }

  /** Every matrix product of one token, on operands of the same shapes, and nothing else. */
  private static void products(Weights weights) {
    try (Scope scope = Scope.open()) {
      Tensor residual = Tensor.full(0.5, 1, SMALL.dModel());
      Tensor hidden = Tensor.full(0.5, 1, SMALL.dMlp());
      Tensor query = Tensor.full(0.5, SMALL.heads(), 1, SMALL.dHead());
      Tensor keys = Tensor.full(0.5, SMALL.heads(), SMALL.dHead(), POSITIONS);
      Tensor values = Tensor.full(0.5, SMALL.heads(), POSITIONS, SMALL.dHead());
      for (BlockWeights block : weights.blocks()) {
        for (Tensor weight : List.of(block.wQ(), block.wK(), block.wV())) {
          residual.matmul(weight);
        }
        query.matmul(keys).matmul(values);
        residual.matmul(block.wO());
        residual.matmul(block.wIn());
        hidden.matmul(block.wOut());
      }
      residual.matmul(weights.wU()).floats();
    }
  }
}
