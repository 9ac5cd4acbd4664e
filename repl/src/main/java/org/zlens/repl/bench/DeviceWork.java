package org.zlens.repl.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.zlens.engine.attribute.AttributionTree;
import org.zlens.engine.attribute.CleanRun;
import org.zlens.engine.attribute.TreeOptions;
import org.zlens.engine.attribute.TreeRoot;
import org.zlens.engine.attribute.graph.GraphEdge;
import org.zlens.engine.attribute.graph.GraphNode;
import org.zlens.engine.attribute.graph.TreeGraph;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.intervene.HeadAblation;
import org.zlens.engine.intervene.Metric;
import org.zlens.engine.intervene.Sweep;
import org.zlens.engine.intervene.Where;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.model.Weights;
import org.zlens.engine.plan.PlannedSweep;
import org.zlens.engine.runtime.DType;
import org.zlens.engine.runtime.Device;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.runtime.Torch;
import org.zlens.engine.sae.ActiveFeatures;
import org.zlens.engine.sae.InputNormalization;
import org.zlens.engine.sae.Sae;
import org.zlens.engine.sae.SaeEncoder;
import org.zlens.engine.sae.SaeSet;
import org.zlens.engine.sae.WeightBasis;
import org.zlens.engine.train.InitialWeights;
import org.zlens.engine.train.Resampling;
import org.zlens.engine.train.SaeObjective;
import org.zlens.engine.train.SaeRecipe;
import org.zlens.engine.train.SaeStart;
import org.zlens.engine.train.SaeTrainer;
import org.zlens.engine.train.WarmUp;

/**
 * One of each kind of work on a device, from the same random numbers everywhere: a forward pass, a
 * sweep of all heads, a tree of recursive attribution, and steps of training an SAE.
 *
 * @param config of a model in the manner of GPT-2
 * @param prompts in a forward pass and a sweep
 * @param length of a prompt
 * @param features of each SAE
 * @param deviations of a pre-activation that an active feature exceeds
 * @param vectors in a step of training
 * @param runs of each kind, after one that is not counted
 */
record DeviceWork(
    ModelConfig config,
    int prompts,
    int length,
    int features,
    double deviations,
    int vectors,
    int runs) {
  static final String FORWARD = "forward";
  static final String SWEEP = "sweep";
  static final String TREE = "rdfa";
  static final String STEP = "sae-step";

  private static final int STEPS = 3;
  private static final long BUDGET = 4_000_000_000L;

  /** The work that a GPU is measured by. */
  static DeviceWork large() {
    return new DeviceWork(RandomModel.config(768, 1024, 50_257), 8, 64, 24_576, 3, 4096, 5);
  }

  /**
   * What came out.
   *
   * @param numbers of each kind of work, under the names of what they are
   * @param seconds of each kind, the median
   */
  record Done(Map<String, Map<String, Double>> numbers, Map<String, Double> seconds) {
    /**
     * The largest difference of any number from that of another device, over the largest number of
     * its kind, or one if that is smaller; infinite if there are others.
     */
    double difference(Done other) {
      double worst = 0;
      for (Map.Entry<String, Map<String, Double>> kind : numbers.entrySet()) {
        Map<String, Double> theirs = other.numbers.get(kind.getKey());
        if (theirs == null || !theirs.keySet().equals(kind.getValue().keySet())) {
          return Double.POSITIVE_INFINITY;
        }
        double largest = 1;
        double missed = 0;
        for (Map.Entry<String, Double> number : kind.getValue().entrySet()) {
          double their = theirs.get(number.getKey());
          largest = Math.max(largest, Math.abs(their));
          double difference = Math.abs(their - number.getValue());
          missed =
              Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(missed, difference);
        }
        worst = Math.max(worst, missed / largest);
      }
      return worst;
    }
  }

  /** Does all of it on a device, in float32, and goes back to the device that was chosen. */
  Done on(Device device) {
    Device before = Torch.device();
    DType type = Torch.weightType();
    Torch.use(device, DType.FLOAT32);
    Map<String, Map<String, Double>> numbers = new LinkedHashMap<>();
    Map<String, Double> seconds = new LinkedHashMap<>();
    try (Scope scope = Scope.open();
        Weights weights = InitialWeights.of(config, 1)) {
      Transformer model = new Transformer(config, weights);
      Tensor tokens = tokens();
      measure(FORWARD, () -> forward(model, tokens), numbers, seconds);
      measure(SWEEP, () -> sweep(model, tokens), numbers, seconds);
      try (SaeSet saes = saes(model, tokens)) {
        measure(TREE, () -> tree(saes, tokens), numbers, seconds);
      }
      measure(STEP, this::train, numbers, seconds);
    } finally {
      Torch.use(before, type);
    }
    return new Done(numbers, seconds);
  }

  private void measure(
      String name,
      Supplier<Map<String, Double>> work,
      Map<String, Map<String, Double>> numbers,
      Map<String, Double> seconds) {
    double[] all = new double[runs];
    for (int i = -1; i < runs; i++) {
      try (Scope scope = Scope.open()) {
        long start = System.nanoTime();
        Map<String, Double> found = work.get();
        if (i < 0) {
          numbers.put(name, found);
        } else {
          all[i] = (System.nanoTime() - start) / 1e9;
        }
      }
    }
    seconds.put(name, Median.of(all));
  }

  private Tensor tokens() {
    Random random = new Random(1);
    return Tensor.of(
        random.longs((long) prompts * length, 0, config.dVocab()).toArray(), prompts, length);
  }

  private Map<String, Double> forward(Transformer model, Tensor tokens) {
    Tensor logits = model.forward(tokens, Hooks.none()).logits();
    // Reading waits for the device, which a call to it does not.
    float[] last = logits.select(1, length - 1L).reshape(-1).floats();
    Map<String, Double> found = new TreeMap<>();
    for (int i = 0; i < last.length; i++) {
      found.put("logit " + i, (double) last[i]);
    }
    return found;
  }

  private Map<String, Double> sweep(Transformer model, Tensor tokens) {
    Batch batch = Batch.of(tokens);
    long[] answers = new Random(2).longs(prompts, 0, config.dVocab()).toArray();
    long[] others = new Random(3).longs(prompts, 0, config.dVocab()).toArray();
    Metric metric = new Metric.LogitDifference(batch.ends(), answers, others);
    Where end = Where.all(length - 1);
    List<HeadAblation> heads = Sweep.heads(config, HeadAblation.Fill.ZERO, end);
    Map<String, Double> found = new TreeMap<>();
    new PlannedSweep(model, batch, metric, heads, BUDGET)
        .run(
            () -> {},
            (number, effects, change) -> {
              for (int row = 0; row < effects.length; row++) {
                found.put(heads.get(number).name() + " on " + row, effects[row]);
              }
            });
    return found;
  }

  /** An attention and a residual SAE for each layer, of random directions, sparse on the tokens. */
  private SaeSet saes(Transformer model, Tensor tokens) {
    SaeSet saes = new SaeSet(model);
    Random random = new Random(4);
    for (Site site : new Site[] {Site.Z, Site.RESID_PRE}) {
      for (int layer = 0; layer < config.layers(); layer++) {
        Location at = Location.of(site, layer);
        Tensor vectors =
            model
                .forward(tokens, Hooks.none().capture(at).withoutLogits())
                .get(at)
                .reshape(prompts, length, -1);
        int inputs = Math.toIntExact(vectors.size(2));
        double size = vectors.norm(-1).mean().item() / Math.sqrt(inputs);
        saes.attach(
            new Sae(
                at,
                WeightBasis.UNSTATED,
                new SaeEncoder.Relu(),
                InputNormalization.NONE,
                false,
                normal(random, inputs, features, 1 / Math.sqrt(inputs)),
                Tensor.full(-deviations * size, features),
                normal(random, features, inputs, 1 / Math.sqrt(inputs)),
                Tensor.zeros(inputs)));
      }
    }
    return saes;
  }

  private static Tensor normal(Random random, int rows, int columns, double deviation) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * deviation);
    }
    return Tensor.of(values, rows, columns);
  }

  private Map<String, Double> tree(SaeSet saes, Tensor tokens) {
    int last = config.layers() - 1;
    CleanRun run = CleanRun.upTo(last, saes, tokens.slice(0, 0, 1));
    Sae sae = saes.attention(last);
    int end = run.positions() - 1;
    Tensor there = run.activations().get(sae.location()).select(0, 0).slice(0, end, end + 1L);
    int feature = ActiveFeatures.of(sae, there.unsqueeze(0)).get(0).feature();
    AttributionTree tree =
        AttributionTree.of(
            run,
            new TreeRoot.AttentionFeature(last, feature),
            0,
            end,
            TreeOptions.of(4, 3, 0).via(TreeOptions.Via.BOTH),
            Progress.NONE);
    Map<String, Double> found = new TreeMap<>();
    for (GraphEdge edge : TreeGraph.of("the bench", tree).edges()) {
      found.put(name(edge.from()) + " to " + name(edge.to()), edge.contribution());
    }
    return found;
  }

  private static String name(GraphNode node) {
    return node.part() + " " + node.layer() + " " + node.index() + " at " + node.position();
  }

  private Map<String, Double> train() {
    SaeRecipe recipe =
        new SaeRecipe(
            features,
            new SaeObjective.Lasso(1),
            new WarmUp(1.2e-3, 1000),
            0.9,
            0.99,
            0,
            vectors,
            Resampling.NONE,
            1);
    Tensor x = normal(new Random(5), vectors, config.dModel(), 1);
    List<Double> losses = new ArrayList<>();
    try (SaeTrainer trainer = new SaeTrainer(SaeStart.of(x), recipe)) {
      for (int step = 0; step < STEPS; step++) {
        losses.add(trainer.step(x).loss());
      }
    }
    Map<String, Double> found = new TreeMap<>();
    for (int step = 0; step < STEPS; step++) {
      found.put("loss " + step, losses.get(step));
    }
    return found;
  }
}
