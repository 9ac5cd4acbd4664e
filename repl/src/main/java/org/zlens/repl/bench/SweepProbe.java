package org.zlens.repl.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.zlens.engine.data.PromptSet;
import org.zlens.engine.data.sprig.SprigPrompts;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.intervene.Cells;
import org.zlens.engine.intervene.FeatureAblation;
import org.zlens.engine.intervene.HeadAblation;
import org.zlens.engine.intervene.Intervention;
import org.zlens.engine.intervene.Metric;
import org.zlens.engine.intervene.Predictions;
import org.zlens.engine.intervene.Sweep;
import org.zlens.engine.intervene.Where;
import org.zlens.engine.model.LanguageModel;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.ModelLoader;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.model.WeightStep;
import org.zlens.engine.model.Weights;
import org.zlens.engine.plan.MachineSpeed;
import org.zlens.engine.plan.Plan;
import org.zlens.engine.plan.PlannedSweep;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.runtime.Torch;
import org.zlens.engine.sae.Sae;
import org.zlens.engine.sae.SaeEncoder;
import org.zlens.engine.sae.SaeLoader;
import org.zlens.engine.sae.SaeSet;
import org.zlens.engine.train.InitialWeights;

/**
 * A process that sweeps, by the plan and, on some of the interventions, as the paper's own loop
 * does: one pass over all positions with all logits for each, the SAE encoded and decoded whole.
 *
 * <p>It prints the seconds of the planned sweep, those of the loop scaled to all interventions, the
 * seconds of the plan's products at the machine's speed, the seconds that the plan foretells, the
 * share of pairs that ran, the most memory that the sweep added, the memory that the plan
 * foretells, and the largest difference of the effects.
 */
final class SweepProbe {
  static final int PROMPTS = 100;
  static final int FEATURES = 64;
  static final long BUDGET = 1_000_000_000;

  private static final int LENGTH = 15;
  private static final int S2 = 10;
  private static final int LAYER = 5;
  private static final int WIDTH = 24_576;
  private static final int ACTIVE = 20;
  private static final double SHARED = 0.5;
  private static final int NAMES = 40;
  private static final int LOOPED = 2;

  private SweepProbe() {}

  public static void main(String[] arguments) throws Exception {
    Torch.setThreads(1);
    int runs = Integer.parseInt(arguments[1]);
    switch (arguments[0]) {
      case "sprig" -> sprig(runs);
      default -> {
        ModelConfig config = RandomModel.config(768, 1024, 50_257);
        try (Scope scope = Scope.open();
            Weights weights = InitialWeights.of(config, 1)) {
          Transformer model = new Transformer(config, weights);
          Batch batch = prompts(config);
          Where where = Where.all(S2);
          if (arguments[0].equals("heads")) {
            List<HeadAblation> each = Sweep.heads(config, HeadAblation.Fill.ZERO, where);
            measure(model, batch, metric(batch), each, null, runs);
          } else {
            try (Sae sae = sae(model, batch)) {
              measure(model, batch, metric(batch), features(model, sae, batch, where), sae, runs);
            }
          }
        }
      }
    }
  }

  // ---- what is swept

  /** Prompts of one template with names of their own. */
  private static Batch prompts(ModelConfig config) {
    Random random = new Random(1);
    long[] tokens = new long[PROMPTS * LENGTH];
    int[] template = random.ints(LENGTH, 0, config.dVocab()).toArray();
    int[] names = random.ints(NAMES, 0, config.dVocab()).toArray();
    for (int prompt = 0; prompt < PROMPTS; prompt++) {
      for (int position = 0; position < LENGTH; position++) {
        tokens[prompt * LENGTH + position] = template[position];
      }
      int first = names[random.nextInt(NAMES)];
      tokens[prompt * LENGTH + 2] = first;
      tokens[prompt * LENGTH + 4] = names[random.nextInt(NAMES)];
      tokens[prompt * LENGTH + S2] = first;
    }
    return Batch.of(Tensor.of(tokens, PROMPTS, LENGTH));
  }

  private static Metric metric(Batch batch) {
    Random random = new Random(2);
    long[] names = random.longs(NAMES, 0, 50_257).toArray();
    long[] answers = IntStream.range(0, PROMPTS).mapToLong(i -> names[i % NAMES]).toArray();
    long[] others = IntStream.range(0, PROMPTS).mapToLong(i -> names[(i + 7) % NAMES]).toArray();
    return new Metric.LogitDifference(batch.ends(), answers, others);
  }

  /** An SAE of random directions, in which so many features are active at a place on average. */
  private static Sae sae(Transformer model, Batch batch) {
    Location site = Location.of(Site.Z, LAYER);
    Random random = new Random(3);
    float[] encoder = new float[768 * WIDTH];
    for (int i = 0; i < encoder.length; i++) {
      encoder[i] = (float) (random.nextGaussian() / Math.sqrt(768));
    }
    Tensor wEnc = Tensor.of(encoder, 768, WIDTH);
    Tensor z = model.forward(batch.tokens(), Hooks.none().capture(site).withoutLogits()).get(site);
    Tensor here = z.select(1, S2).reshape(PROMPTS, 768);
    // With all of the mean left out features would hardly ever be shared by prompts, with none of
    // it
    // nearly all would.
    Tensor mean = here.mean(0L).mul(SHARED);
    float[] pre = here.sub(mean).matmul(wEnc).floats();
    Arrays.sort(pre);
    double threshold = pre[pre.length - ACTIVE * PROMPTS];
    return new Sae(
        site,
        new SaeEncoder.Relu(),
        true,
        wEnc,
        Tensor.full(-threshold, WIDTH),
        wEnc.transpose(0, 1).copy(),
        mean);
  }

  private static List<FeatureAblation> features(
      Transformer model, Sae sae, Batch batch, Where where) {
    List<FeatureAblation> active = Sweep.activeFeatures(model, sae, batch, where);
    return IntStream.range(0, FEATURES)
        .mapToObj(i -> active.get(i * (active.size() / FEATURES)))
        .toList();
  }

  private static void sprig(int runs) {
    try (LanguageModel model = ModelLoader.load(ModelLoader.SPRIG, WeightStep.all());
        SaeSet saes = new SaeSet(model.transformer(), Set.copyOf(model.processing()));
        Scope scope = Scope.open()) {
      SaeLoader.sprig(model.config().layers()).forEach(loaded -> saes.attach(loaded.sae()));
      PromptSet prompts = new SprigPrompts(model.tokenizer()).heldOutIoi(PROMPTS, 1).prompts();
      Batch batch = Batch.of(prompts);
      Where where = Where.each(prompts.positions("S2", 0));
      Sae sae = saes.attention(1);
      List<FeatureAblation> active = Sweep.activeFeatures(model.transformer(), sae, batch, where);
      List<FeatureAblation> each = active.subList(0, Math.min(FEATURES, active.size()));
      measure(model.transformer(), batch, Metric.of(prompts), each, sae, runs);
    }
  }

  // ---- how it is measured

  private static void measure(
      Transformer model,
      Batch batch,
      Metric metric,
      List<? extends Intervention> each,
      Sae sae,
      int runs) {
    try {
      // What a process loads once is no part of what a sweep needs.
      Batch one = batch.window(new int[1], new int[1], batch.positions());
      HeadAblation head = HeadAblation.of(0, 0, HeadAblation.Fill.ZERO, Where.everywhere());
      sweep(model, one, metric, List.of(head), new double[1][]);
      ResidentMemory.forgetPeak();
      long before = ResidentMemory.now();
      double[][] effects = new double[each.size()][];
      Plan plan = sweep(model, batch, metric, each, effects);
      final long added = ResidentMemory.peak() - before;
      MachineSpeed speed = MachineSpeed.of(model.config());
      double[] seconds = new double[runs];
      for (int i = 0; i < runs; i++) {
        long start = System.nanoTime();
        sweep(model, batch, metric, each, effects);
        seconds[i] = (System.nanoTime() - start) / 1e9;
      }
      List<double[]> looped = new ArrayList<>();
      double loop = loop(model, batch, metric, each, sae, looped);
      double difference = 0;
      for (int i = 0; i < looped.size(); i++) {
        for (int row = 0; row < batch.rows(); row++) {
          difference = Math.max(difference, Math.abs(looped.get(i)[row] - effects[i][row]));
        }
      }
      System.out.println(
          Median.of(seconds)
              + " "
              + loop * each.size() / LOOPED
              + " "
              + plan.cost().flops() / speed.flops()
              + " "
              + plan.cost().seconds(speed)
              + " "
              + (double) plan.tried() / plan.pairs()
              + " "
              + added
              + " "
              + plan.bytes()
              + " "
              + difference);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Plan sweep(
      Transformer model,
      Batch batch,
      Metric metric,
      List<? extends Intervention> each,
      double[][] effects) {
    return new PlannedSweep(model, batch, metric, each, BUDGET)
        .run(() -> {}, (number, found, change) -> effects[number] = found);
  }

  /** Seconds of the paper's loop over the first interventions, the clean pass not counted. */
  private static double loop(
      Transformer model,
      Batch batch,
      Metric metric,
      List<? extends Intervention> each,
      Sae sae,
      List<double[]> effects) {
    try (Scope scope = Scope.open()) {
      Tensor clean;
      Tensor error = null;
      try (Scope inner = Scope.open()) {
        Location[] site = sae == null ? new Location[0] : new Location[] {sae.location()};
        Activations pass = model.forward(batch.tokens(), Hooks.none().capture(site));
        clean = inner.keep(metric.read(batch, Predictions.of(pass.logits())));
        if (sae != null) {
          error = inner.keep(sae.error(pass.get(sae.location())));
        }
      }
      double[] before = metric.score(clean, clean);
      long start = System.nanoTime();
      for (Intervention one : each.subList(0, LOOPED)) {
        try (Scope inner = Scope.open()) {
          List<Edit> edits =
              sae == null
                  ? one.edits(null, batch)
                  : List.of(replaced(sae, (FeatureAblation) one, batch, error));
          Activations changed = model.forward(batch.tokens(), Hooks.none().edit(edits));
          double[] after =
              metric.score(metric.read(batch, Predictions.of(changed.logits())), clean);
          Arrays.setAll(after, row -> after[row] - before[row]);
          effects.add(after);
        }
      }
      return (System.nanoTime() - start) / 1e9;
    }
  }

  /** Everything encoded, the feature set to zero, everything decoded, the clean error added. */
  private static Edit replaced(Sae sae, FeatureAblation one, Batch batch, Tensor error) {
    return new Edit(
        sae.location(),
        one.name(),
        Edit.Effect.MUST_CHANGE,
        values -> {
          Tensor acts = sae.encode(values);
          Cells cells = one.where().in(batch);
          float[] others = new float[sae.features()];
          Arrays.fill(others, 1);
          others[one.features().get(0)] = 0;
          Tensor some = cells.take(acts).mul(Tensor.of(others, others.length));
          return sae.decode(cells.put(acts, some), values).reshape(values.shape()).add(error);
        });
  }
}
