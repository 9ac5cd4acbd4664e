package org.zlens.repl.bench;

import java.util.SplittableRandom;
import org.zlens.engine.attribute.TextAttribution;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.model.Weights;
import org.zlens.engine.runtime.DType;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;
import org.zlens.engine.sae.SaeEncoder;
import org.zlens.engine.sae.SaeSet;
import org.zlens.engine.train.InitialWeights;

/**
 * All of the direct attribution of one feature over 64 rows of 128 tokens, by head, source, both
 * and token, in a model of the size of GPT-2 Small with an SAE of 24,576 features on layer 5;
 * against the clean pass up to the attention of that layer.
 */
final class DfaCorpus implements Benchmark {
  private static final int LAYER = 5;
  private static final int ROWS = 64;
  private static final int POSITIONS = 128;
  private static final int WIDTH = 24_576;
  private static final int FEATURE = 4_242;
  private static final int TIMES = 5;
  private static final ModelConfig SMALL = RandomModel.config(768, 1024, 50257);

  @Override
  public String name() {
    return "dfa-corpus";
  }

  @Override
  public Measurement measure() {
    try (Weights weights = InitialWeights.of(SMALL, 1);
        Scope scope = Scope.open()) {
      Transformer model = new Transformer(SMALL, weights);
      try (SaeSet saes = new SaeSet(model)) {
        saes.attach(sae());
        Batch batch = Batch.of(tokens());
        double[] forward = new double[TIMES];
        double[] attribution = new double[TIMES];
        forward(model, batch);
        long places = attribution(model, saes, batch);
        for (int i = 0; i < TIMES; i++) {
          forward[i] = seconds(() -> forward(model, batch));
          attribution[i] = seconds(() -> attribution(model, saes, batch));
        }
        double baseline = Median.of(forward);
        return new Measurement(
            name(),
            Median.of(attribution),
            "s",
            baseline,
            1.2 * baseline,
            "direct attribution of one feature at all "
                + places
                + " of 8,192 places where it is active, the pass included; the clean pass up to its"
                + " layer");
      }
    }
  }

  /** Encoder directions of random signs, so that the feature is active at about half the places. */
  private static Sae sae() {
    return new Sae(
        Location.of(Site.Z, LAYER),
        new SaeEncoder.Relu(),
        true,
        uniform(1, SMALL.dModel(), WIDTH),
        Tensor.zeros(WIDTH),
        uniform(2, WIDTH, SMALL.dModel()),
        Tensor.zeros(SMALL.dModel()));
  }

  private static Tensor uniform(long seed, int rows, int columns) {
    SplittableRandom random = new SplittableRandom(seed);
    Tensor tensor = Tensor.empty(DType.FLOAT32, rows, columns);
    tensor.write(
        values -> {
          while (values.hasRemaining()) {
            values.putFloat((float) (random.nextDouble() - 0.5));
          }
        });
    return tensor;
  }

  private static Tensor tokens() {
    long[] ids = new long[ROWS * POSITIONS];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = i * 7919L % SMALL.dVocab();
    }
    return Tensor.of(ids, ROWS, POSITIONS);
  }

  private static void forward(Transformer model, Batch batch) {
    try (Scope scope = Scope.open()) {
      Hooks hooks = Hooks.none().capture(Location.of(Site.Z, LAYER)).withoutLogits();
      model.forward(batch.tokens(), hooks);
    }
  }

  private static long attribution(Transformer model, SaeSet saes, Batch batch) {
    try (Scope scope = Scope.open()) {
      TextAttribution sums = new TextAttribution(saes, LAYER, FEATURE);
      sums.add(model, saes, batch);
      return sums.places();
    }
  }

  private static double seconds(Runnable body) {
    long start = System.nanoTime();
    body.run();
    return (System.nanoTime() - start) / 1e9;
  }
}
