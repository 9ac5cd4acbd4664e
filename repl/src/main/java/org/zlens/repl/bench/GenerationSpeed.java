package org.zlens.repl.bench;

import java.util.Arrays;
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
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Products;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.runtime.Torch;
import org.zlens.engine.train.InitialWeights;

/**
 * Generation by a model of the size of GPT-2 Small: the token that makes some 256 of a text, with
 * the keys and values of those before it kept. All on one thread, as the program runs unless it is
 * told otherwise, in turns with what it is compared with.
 */
final class GenerationSpeed implements Benchmark {
  private static final int POSITIONS = 256;
  private static final int TOKENS = 5 * RUNS;
  private static final int PROMPTS = 16;
  private static final ModelConfig SMALL = RandomModel.config(768, 1024, 50_257);

  private enum Against {
    PASS,
    PRODUCTS
  }

  private final Against against;

  private GenerationSpeed(Against against) {
    this.against = against;
  }

  /** Against passes over all tokens. */
  static GenerationSpeed withCache() {
    return new GenerationSpeed(Against.PASS);
  }

  /** Against its own matrix products. */
  static GenerationSpeed ofOneToken() {
    return new GenerationSpeed(Against.PRODUCTS);
  }

  @Override
  public String name() {
    return against == Against.PASS ? "generate-cache" : "forward-one-token";
  }

  @Override
  public Measurement measure() {
    return measureAll().get(0);
  }

  @Override
  public List<Measurement> measureAll() {
    Torch.setThreads(1);
    try (Weights weights = InitialWeights.of(SMALL, 1)) {
      return against == Against.PASS ? withoutCache(weights) : List.of(products(weights));
    }
  }

  private Measurement products(Weights weights) {
    double[] token = new double[2 * TOKENS];
    double[] products = new double[2 * TOKENS];
    warmUp(weights);
    try (Growing growing = new Growing(weights, 1, token.length)) {
      for (int i = 0; i < token.length; i++) {
        token[i] = growing.step();
        products[i] = CpuTime.milliseconds(() -> products(weights, growing.length));
      }
    }
    double baseline = Median.of(products);
    return new Measurement(
        name(),
        Median.of(token),
        "ms",
        baseline,
        1.3 * baseline,
        "CPU time of a token of some 256 with keys and values kept; of its matrix products alone");
  }

  private List<Measurement> withoutCache(Weights weights) {
    Transformer model = new Transformer(SMALL, weights);
    double[] token = new double[TOKENS];
    double[] pass = new double[RUNS];
    double[] last = new double[RUNS];
    double[] own = new double[RUNS];
    warmUp(weights);
    try (Growing growing = new Growing(weights, 1, TOKENS)) {
      for (int i = 0; i < TOKENS; i++) {
        token[i] = growing.step();
        if (i % (TOKENS / RUNS) == 0) {
          int run = i * RUNS / TOKENS;
          own[run] = CpuTime.milliseconds(() -> pass(model, growing.so(), false));
          last[run] = CpuTime.milliseconds(() -> pass(model, growing.so(), true));
          Kernels.multiplyBy(Products.BLAS);
          pass[run] = CpuTime.milliseconds(() -> pass(model, growing.so(), false));
          Kernels.multiplyBy(Products.ONE_DNN);
        }
      }
    }
    double[] tokens = new double[TOKENS];
    try (Growing growing = new Growing(weights, PROMPTS, TOKENS)) {
      Arrays.setAll(tokens, i -> growing.step() / PROMPTS);
    }
    double one = Median.of(token);
    double whole = Median.of(pass);
    double end = Median.of(last);
    return List.of(
        new Measurement(
            name(),
            one,
            "ms",
            whole,
            whole / 20,
            "CPU time of a token of some 256 of one prompt with keys and values kept; of a pass over"
                + " all 256 with their logits, as generation without them goes, multiplied by the"
                + " BLAS that PyTorch takes of itself"),
        new Measurement(
            name() + "-own",
            one,
            "ms",
            Median.of(own),
            Median.of(own),
            "the same against such a pass as this program makes it, by faster products; bound by"
                + " the memory that the weights are read from"),
        new Measurement(
            name() + "-last",
            one,
            "ms",
            end,
            end,
            "the same against a pass that computes the logits of the last token alone; bound by the"
                + " memory that the weights are read from"),
        new Measurement(
            name() + "-prompts",
            Median.of(tokens),
            "ms",
            end,
            end / 20,
            "CPU time a token where "
                + PROMPTS
                + " prompts go on together; of a pass over 256 of one prompt that computes the"
                + " logits of the last token alone"));
  }

  /** Whoever has come to token 256 has run the same steps often before. */
  private static void warmUp(Weights weights) {
    try (Growing before = new Growing(weights, 1, POSITIONS / 2)) {
      for (int i = 0; i < POSITIONS / 2; i++) {
        before.step();
        products(weights, before.length);
      }
    }
  }

  /** Prompts of the same length that go on by given tokens. */
  private static final class Growing implements AutoCloseable {
    private final Scope scope = Scope.open();
    private final Continuation cached;
    private final Tensor all;
    private final int rows;
    private int length;

    private Growing(Weights weights, int rows, int tokens) {
      int most = POSITIONS + tokens / 2 + 1;
      long[] ids = new Random(1).longs((long) rows * most, 0, SMALL.dVocab()).toArray();
      this.rows = rows;
      all = Tensor.of(ids, rows, most);
      cached = new Continuation(new Transformer(SMALL, weights), most);
      length = POSITIONS - tokens / 2;
      next();
    }

    private Tensor so() {
      return all.slice(1, 0, POSITIONS);
    }

    private double step() {
      length++;
      return CpuTime.milliseconds(this::next);
    }

    private void next() {
      int[] lengths = new int[rows];
      Arrays.fill(lengths, length);
      try (Scope step = Scope.open()) {
        cached.next(all.slice(1, 0, length), lengths, Continuation.Edits.NONE).floats();
      }
    }

    @Override
    public void close() {
      cached.close();
      scope.close();
    }
  }

  private static void pass(Transformer model, Tensor tokens, boolean lastAlone) {
    Location end = Location.of(Site.FINAL_NORMALIZED);
    try (Scope scope = Scope.open()) {
      if (lastAlone) {
        Tensor normalized =
            model.forward(tokens, Hooks.none().capture(end).withoutLogits()).get(end);
        model.unembed(normalized.select(0, 0).select(0, POSITIONS - 1)).floats();
      } else {
        Tensor logits = model.forward(tokens, Hooks.none()).logits();
        logits.select(0, 0).select(0, POSITIONS - 1).floats();
      }
    }
  }

  /** Every matrix product of one token, on operands of the same shapes, and nothing else. */
  private static void products(Weights weights, int positions) {
    try (Scope scope = Scope.open()) {
      Tensor residual = Tensor.full(0.5, 1, SMALL.dModel());
      Tensor hidden = Tensor.full(0.5, 1, SMALL.dMlp());
      Tensor query = Tensor.full(0.5, SMALL.heads(), 1, SMALL.dHead());
      Tensor keys = Tensor.full(0.5, SMALL.heads(), SMALL.dHead(), positions);
      Tensor values = Tensor.full(0.5, SMALL.heads(), positions, SMALL.dHead());
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
