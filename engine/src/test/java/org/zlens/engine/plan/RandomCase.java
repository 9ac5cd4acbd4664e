package org.zlens.engine.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.zlens.engine.RandomModel;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.intervene.Counterparts;
import org.zlens.engine.intervene.ErrorAblation;
import org.zlens.engine.intervene.ErrorEdit;
import org.zlens.engine.intervene.FeatureAblation;
import org.zlens.engine.intervene.FeatureEdit;
import org.zlens.engine.intervene.FeatureReplacement;
import org.zlens.engine.intervene.Formula;
import org.zlens.engine.intervene.FormulaMetric;
import org.zlens.engine.intervene.HeadAblation;
import org.zlens.engine.intervene.Intervention;
import org.zlens.engine.intervene.Metric;
import org.zlens.engine.intervene.PositionMap;
import org.zlens.engine.intervene.Replacement;
import org.zlens.engine.intervene.SiteEdit;
import org.zlens.engine.intervene.SiteRule;
import org.zlens.engine.intervene.Splice;
import org.zlens.engine.intervene.Standing;
import org.zlens.engine.intervene.Target;
import org.zlens.engine.intervene.Together;
import org.zlens.engine.intervene.Where;
import org.zlens.engine.model.ActivationKind;
import org.zlens.engine.model.Architecture;
import org.zlens.engine.model.AttentionRules;
import org.zlens.engine.model.MlpKind;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.NormKind;
import org.zlens.engine.model.PositionScheme;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.InputNormalization;
import org.zlens.engine.sae.Sae;
import org.zlens.engine.sae.SaeEncoder;

/** A random small model with prompts, interventions, edits in force and a metric. */
final class RandomCase implements AutoCloseable {
  private static final int VOCABULARY = 17;
  private static final int FEATURES = 12;
  private static final int WIDTH = 4;

  private final Random random;
  private final ModelConfig config;
  private final RandomModel holder;
  private final List<Sae> saes = new ArrayList<>();
  private final Batch batch;
  private final List<Location> sites;
  private final Activations other;
  private final Transformer model;
  private final Metric metric;
  private final List<Intervention> each;

  /** Makes the tensors in the caller's scope. */
  RandomCase(long seed) {
    random = new Random(seed);
    config = newConfig();
    holder = RandomModel.of(seed, config);
    for (int i = 0; i < 2; i++) {
      saes.add(sae());
    }
    batch = newBatch();
    sites = config.locations();
    Tensor tokens = holder.tokens(batch.rows(), batch.positions());
    other = holder.model().forward(tokens, Hooks.none().capture(sites.toArray(Location[]::new)));
    model = under();
    metric = newMetric();
    each = IntStream.range(0, 1 + random.nextInt(2)).mapToObj(i -> oneOrSome()).toList();
  }

  /** Half of them in the manner of GPT-2, the others of anything that a forward pass can be. */
  private ModelConfig newConfig() {
    int layers = 1 + random.nextInt(4);
    int share = 1 + random.nextInt(2);
    int keyHeads = 1 + random.nextInt(2);
    boolean usual = random.nextBoolean();
    NormKind[] norms = NormKind.values();
    ActivationKind[] activations = ActivationKind.values();
    Architecture architecture = usual ? Architecture.gpt2(WIDTH) : newArchitecture(layers);
    return new ModelConfig(
        layers,
        10,
        share * keyHeads,
        keyHeads,
        WIDTH,
        architecture.mlp() == MlpKind.NONE ? 0 : 14,
        12,
        VOCABULARY,
        usual
            ? random.nextBoolean() ? NormKind.LAYER_NORM : NormKind.LAYER_NORM_PRE
            : norms[random.nextInt(norms.length)],
        1e-5,
        usual
            ? random.nextBoolean() ? ActivationKind.GELU : ActivationKind.GELU_TANH
            : activations[random.nextInt(activations.length)],
        architecture);
  }

  private Architecture newArchitecture(int layers) {
    int turning = 2 + 2 * random.nextInt(WIDTH / 2);
    MlpKind[] kinds = MlpKind.values();
    boolean plain = random.nextBoolean();
    List<Integer> reaches =
        random.nextBoolean() ? List.of() : random.ints(layers, 0, 5).boxed().toList();
    return new Architecture(
        random.nextInt(4) == 0
            ? new PositionScheme.Learned()
            : new PositionScheme.Rotary(100, turning),
        kinds[random.nextInt(kinds.length)],
        random.nextInt(3) == 0,
        random.nextInt(3) == 0,
        plain
            ? AttentionRules.plain(WIDTH)
            : new AttentionRules(0.4, random.nextBoolean() ? 2 : 0, reaches),
        random.nextInt(3) == 0 ? 3 : 0);
  }

  Transformer model() {
    return model;
  }

  Batch batch() {
    return batch;
  }

  Metric metric() {
    return metric;
  }

  List<Intervention> each() {
    return each;
  }

  /** Whether it is one intervention that is no several together. */
  boolean isSingle() {
    return each.size() == 1 && !(each.get(0) instanceof Together);
  }

  /** Memory for as many prompts at a time as chance has it. */
  boolean isTight() {
    return Math.floorMod(batch.rows() + each.size(), 3) == 0;
  }

  private Sae sae() {
    int layer = random.nextInt(config.layers());
    Site site = random.nextBoolean() ? Site.Z : Site.RESID_PRE;
    int width = site == Site.Z ? config.heads() * config.dHead() : config.dModel();
    SaeEncoder encoder =
        switch (random.nextInt(4)) {
          case 0 -> new SaeEncoder.TopK(3, false);
          case 1 -> new SaeEncoder.JumpRelu(thresholds());
          default -> new SaeEncoder.Relu();
        };
    InputNormalization normalization =
        random.nextInt(4) == 0 ? InputNormalization.LAYER_NORM : InputNormalization.NONE;
    return holder.sae(Location.of(site, layer), width, FEATURES, encoder, normalization);
  }

  private static float[] thresholds() {
    float[] thresholds = new float[FEATURES];
    Arrays.fill(thresholds, 0.3f);
    return thresholds;
  }

  private Batch newBatch() {
    int rows = 1 + random.nextInt(4);
    int longest = 3 + random.nextInt(7);
    int[] lengths = new int[rows];
    boolean ragged = random.nextBoolean();
    for (int row = 0; row < rows; row++) {
      lengths[row] = ragged ? 2 + random.nextInt(longest - 1) : longest;
    }
    lengths[random.nextInt(rows)] = longest;
    return new Batch(holder.tokens(rows, longest), lengths);
  }

  private Transformer under() {
    if (random.nextInt(3) > 0) {
      return holder.model();
    }
    List<List<Intervention>> steps = new ArrayList<>();
    for (int i = 0; i < 1 + random.nextInt(2); i++) {
      steps.add(List.of(intervention(false)));
    }
    return new Standing(holder.model(), batch, steps, (step, change) -> {}).model();
  }

  private Metric newMetric() {
    int[] at = new int[batch.rows()];
    long[] answers = new long[at.length];
    long[] others = new long[at.length];
    for (int row = 0; row < at.length; row++) {
      int length = batch.lengths()[row];
      at[row] = random.nextInt(3) > 0 ? length - 1 : random.nextInt(length);
      answers[row] = random.nextInt(VOCABULARY);
      others[row] = random.nextInt(VOCABULARY);
    }
    return switch (random.nextInt(6)) {
      case 0 -> new Metric.NextTokenLoss();
      case 1 -> new Metric.Divergence(at);
      case 2 -> new Metric.TokenProbability(at, answers, random.nextBoolean());
      case 3 -> new Metric.TokenLoss(Where.rows(positions(1, true)));
      case 4 -> formula(at, answers, others);
      default -> new Metric.LogitDifference(at, answers, others);
    };
  }

  /** What is predicted at two places of each prompt, in any of the ways that a metric reads it. */
  private Metric formula(int[] at, long[] answers, long[] others) {
    int[] elsewhere = new int[at.length];
    Arrays.setAll(elsewhere, row -> random.nextInt(batch.lengths()[row]));
    Formula.Quantity[] kinds = Formula.Quantity.values();
    Formula one = new Formula.Read(kinds[random.nextInt(kinds.length)], at, answers);
    Formula other = new Formula.Read(kinds[random.nextInt(kinds.length)], elsewhere, others);
    Formula half = new Formula.Joined(Formula.Operation.TIMES, new Formula.Constant(0.5), other);
    return new FormulaMetric("formula", new Formula.Joined(Formula.Operation.MINUS, one, half));
  }

  // ---- places

  /** Some positions of each prompt from a first one on. */
  private List<int[]> positions(int from, boolean always) {
    List<int[]> all = new ArrayList<>();
    for (int length : batch.lengths()) {
      int count = always ? 1 + random.nextInt(2) : random.nextInt(3);
      all.add(IntStream.range(0, count).map(i -> from + random.nextInt(length - from)).toArray());
    }
    return all;
  }

  private Where where(boolean mayBeWrong) {
    int[] own = new int[batch.rows()];
    for (int row = 0; row < own.length; row++) {
      own[row] = random.nextInt(batch.lengths()[row]);
    }
    if (mayBeWrong && random.nextInt(60) == 0) {
      return Where.all(batch.positions());
    }
    return switch (random.nextInt(7)) {
      case 0 -> Where.everywhere();
      case 1 -> Where.all(random.nextInt(2), random.nextInt(3));
      case 2 -> Where.union(own);
      case 3 -> mayBeWrong ? Where.rows(positions(0, false)) : Where.rows(positions(0, true));
      default -> Where.each(own);
    };
  }

  // ---- interventions

  private Intervention oneOrSome() {
    int count = random.nextInt(5) == 0 ? 2 : 1;
    return Together.of(IntStream.range(0, count).mapToObj(i -> intervention(true)).toList());
  }

  private Intervention intervention(boolean mayBeWrong) {
    Where where = where(mayBeWrong);
    Sae sae = saes.get(random.nextInt(saes.size()));
    Location site = sites.get(random.nextInt(sites.size()));
    return switch (random.nextInt(10)) {
      case 0, 1 -> new SiteEdit(Target.of(site), rule(site), where);
      case 2 -> new SiteEdit(Target.of(site), replacement(other.get(site)), where);
      case 3 -> new ErrorAblation(sae, where);
      case 4 -> splice(sae, where);
      case 5, 6 ->
          new HeadAblation(
              random.nextInt(config.layers()),
              List.of(random.nextInt(config.heads())),
              HeadAblation.Fill.values()[random.nextInt(3)],
              where);
      case 7 ->
          random.nextBoolean()
              ? new FeatureReplacement(
                  sae, features(1), replacement(other.get(sae.location())), where)
              : new ErrorEdit(sae, new SiteRule.Scale(0.5), where);
      default -> new FeatureAblation(sae, features(1 + random.nextInt(2)), where);
    };
  }

  private SiteRule rule(Location site) {
    return switch (random.nextInt(3)) {
      case 0 -> new SiteRule.Scale(1.5);
      case 1 -> new SiteRule.Constant(0.8);
      // Nothing can be divided by a norm that is zero.
      default -> isScale(site) ? new SiteRule.Scale(2) : new SiteRule.Zero();
    };
  }

  /** Values of other prompts, of the same ones, or their means. */
  private Replacement replacement(Tensor source) {
    List<int[]> all = new ArrayList<>();
    int[] partners = new int[batch.rows()];
    int[] everyone = IntStream.range(0, batch.rows()).toArray();
    for (int length : batch.lengths()) {
      all.add(IntStream.range(0, length).toArray());
    }
    Arrays.setAll(partners, prompt -> random.nextInt(batch.rows()));
    int[] longest = new int[batch.rows()];
    Arrays.fill(longest, batch.positions());
    List<int[]> toEach = Collections.nCopies(batch.rows(), everyone);
    return switch (random.nextInt(4)) {
      case 0 ->
          Replacement.patch(
              source, Counterparts.paired(all, partners, PositionMap.shifted(all, 0, longest)));
      case 1 ->
          Replacement.own(Counterparts.paired(all, partners, PositionMap.shifted(all, 0, longest)));
      case 2 -> Replacement.mean(Counterparts.meanOfAll(toEach, all));
      default -> Replacement.freeze(Counterparts.own(all));
    };
  }

  /** Nothing can be divided by a norm that is zero. */
  private static boolean isScale(Location site) {
    return site.site().shortName().endsWith("scale");
  }

  private List<Integer> features(int count) {
    return random.ints(0, FEATURES).distinct().limit(count).boxed().toList();
  }

  private Intervention splice(Sae sae, Where where) {
    List<FeatureEdit> edits = new ArrayList<>();
    for (int feature : features(random.nextInt(3))) {
      edits.add(
          switch (random.nextInt(4)) {
            case 0 -> FeatureEdit.zero(feature, where);
            case 1 -> FeatureEdit.pin(feature, 1.5, where(false));
            case 2 -> FeatureEdit.scale(feature, 2, where);
            default -> FeatureEdit.add(feature, 0.7, where);
          });
    }
    boolean keepsError = random.nextInt(3) > 0;
    Optional<Where> zeroed =
        keepsError && random.nextInt(3) == 0 ? Optional.of(where(false)) : Optional.empty();
    Splice splice = new Splice(sae, keepsError, edits, Optional.empty());
    return zeroed.map(splice::zeroError).orElse(splice);
  }

  /** For messages. */
  @Override
  public String toString() {
    return config
        + " lengths "
        + Arrays.toString(batch.lengths())
        + " "
        + metric
        + " "
        + each.stream().map(one -> one + " " + one.touches()).toList()
        + " under "
        + model.inForce();
  }

  @Override
  public void close() {
    saes.forEach(Sae::close);
    holder.close();
  }
}
