package org.zlens.engine.intervene;

import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.plan.Memory;
import org.zlens.engine.plan.PlannedSweep;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.sae.ActiveFeatures;
import org.zlens.engine.sae.Sae;

/**
 * Interventions tried one at a time on the same prompts, by the least work that a {@link
 * org.zlens.engine.plan.Planner} finds.
 *
 * @param metric what was read
 * @param clean metric of the clean pass, {@code [batch]}
 * @param rows one for each intervention, in the order given
 */
public record Sweep(String metric, double[] clean, List<Row> rows) {
  /**
   * What one intervention did.
   *
   * @param effects changed minus clean for each prompt
   * @param mean their mean
   * @param byGroup their mean over the prompts of each group, in the order the groups appear; empty
   *     without groups
   * @param change Euclidean norm of what it changed at its own sites
   */
  public record Row(
      Intervention intervention,
      double[] effects,
      double mean,
      Map<String, Double> byGroup,
      double change) {
    /** What was changed, for example {@code ablate L5.F7515}. */
    public String name() {
      return intervention.name();
    }
  }

  /** Hears of each row as soon as it is there, so that what is done outlives an interruption. */
  @FunctionalInterface
  public interface Found {
    /**
     * Takes a row.
     *
     * @param number of its intervention among those that are tried
     */
    void row(int number, Row row);
  }

  /** Keeps the rows from changing. */
  public Sweep {
    rows = List.copyOf(rows);
  }

  /**
   * Tries each intervention alone.
   *
   * @param groups a name for each prompt, for example its template; empty for no groups
   * @param progress hears of each intervention that is done and may end the sweep then
   * @throws org.zlens.engine.ZlensException before the first pass if a feature to ablate is active
   *     at none of its places
   */
  public static Sweep run(
      Transformer model,
      Batch batch,
      Metric metric,
      List<? extends Intervention> each,
      List<String> groups,
      Progress progress) {
    return run(model, batch, metric, each, groups, Memory.usual(), progress);
  }

  /** The same, telling of each row as soon as it is there. */
  public static Sweep run(
      Transformer model,
      Batch batch,
      Metric metric,
      List<? extends Intervention> each,
      List<String> groups,
      Progress progress,
      Found found) {
    return run(model, batch, metric, each, groups, Memory.usual(), progress, found);
  }

  /**
   * The same within other bounds of memory.
   *
   * @param budget most bytes for values of passes, model and SAEs apart
   * @throws org.zlens.engine.ZlensException of kind RUNTIME if they do not hold one prompt
   */
  public static Sweep run(
      Transformer model,
      Batch batch,
      Metric metric,
      List<? extends Intervention> each,
      List<String> groups,
      long budget,
      Progress progress) {
    return run(model, batch, metric, each, groups, budget, progress, (number, row) -> {});
  }

  /** The same within other bounds of memory, telling of each row as soon as it is there. */
  public static Sweep run(
      Transformer model,
      Batch batch,
      Metric metric,
      List<? extends Intervention> each,
      List<String> groups,
      long budget,
      Progress progress,
      Found found) {
    if (!groups.isEmpty() && groups.size() != batch.rows()) {
      throw new IllegalArgumentException(
          groups.size() + " group names for " + batch.rows() + " prompts");
    }
    PlannedSweep planned = new PlannedSweep(model, batch, metric, each, budget);
    Row[] rows = new Row[each.size()];
    int[] done = {0};
    planned.run(
        () -> progress.step(0, each.size()),
        (number, effects, change) -> {
          double mean = Arrays.stream(effects).average().orElse(Double.NaN);
          rows[number] = new Row(each.get(number), effects, mean, means(effects, groups), change);
          found.row(number, rows[number]);
          progress.step(++done[0], each.size());
        });
    return new Sweep(metric.name(), planned.clean(), List.of(rows));
  }

  /** The ablation of each feature that is active at one of the places at least, strongest first. */
  public static List<FeatureAblation> activeFeatures(
      Transformer model, Sae sae, Batch batch, Where where) {
    return activity(model, sae, batch, where).stream()
        .map(activity -> FeatureAblation.of(sae, activity.feature(), where))
        .toList();
  }

  /**
   * The features that are active at one of the places of a clean pass at least, strongest first.
   */
  public static List<ActiveFeatures.Activity> activity(
      Transformer model, Sae sae, Batch batch, Where where) {
    try (Scope scope = Scope.open()) {
      Hooks hooks = Hooks.none().capture(sae.location()).withoutLogits();
      SaeReading reading = SaeReading.of(sae, model.forward(batch.tokens(), hooks));
      return ActiveFeatures.of(reading.activations(where.in(batch), batch));
    }
  }

  /** The ablation of each head of each layer. */
  public static List<HeadAblation> heads(ModelConfig config, HeadAblation.Fill fill, Where where) {
    return IntStream.range(0, config.layers())
        .boxed()
        .flatMap(
            layer ->
                IntStream.range(0, config.heads())
                    .mapToObj(head -> HeadAblation.of(layer, head, fill, where)))
        .toList();
  }

  /** The rows by falling size of their mean effect. */
  public List<Row> bySize() {
    return rows.stream()
        .sorted(Comparator.comparingDouble((Row row) -> Math.abs(row.mean())).reversed())
        .toList();
  }

  private static Map<String, Double> means(double[] effects, List<String> groups) {
    Map<String, double[]> sums = new LinkedHashMap<>();
    for (int row = 0; row < groups.size(); row++) {
      double[] sum = sums.computeIfAbsent(groups.get(row), group -> new double[2]);
      sum[0] += effects[row];
      sum[1]++;
    }
    Map<String, Double> means = new LinkedHashMap<>();
    sums.forEach((group, sum) -> means.put(group, sum[0] / sum[1]));
    return means;
  }
}
