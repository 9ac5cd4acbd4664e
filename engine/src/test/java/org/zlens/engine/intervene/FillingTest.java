package org.zlens.engine.intervene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zlens.engine.RandomModel;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.measure.FeatureActivity;
import org.zlens.engine.plan.PlannedSweep;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/**
 * What fills prompts up to the longest of them is in no mean and no last position: other tokens
 * there, and more of them, leave every number as it is; and where nothing is averaged over prompts,
 * it is the number of the prompt alone.
 */
class FillingTest {
  private static final int[] LENGTHS = {7, 3, 5};
  private static final int LONGEST = 7;
  private static final int MORE = 4;
  private static final long PLENTY = 1L << 40;
  private static final double SAME = 1e-4;

  private static Batch batch(int[][] ids, int width, Random filling, int vocabulary) {
    long[] tokens = new long[ids.length * width];
    for (int row = 0; row < ids.length; row++) {
      for (int at = 0; at < width; at++) {
        boolean own = at < ids[row].length;
        tokens[row * width + at] =
            own ? ids[row][at] : filling == null ? 0 : filling.nextInt(vocabulary);
      }
    }
    int[] lengths = Arrays.stream(ids).mapToInt(row -> row.length).toArray();
    return new Batch(Tensor.of(tokens, ids.length, width), lengths);
  }

  private static int[][] prompts(Random random, int vocabulary) {
    return Arrays.stream(LENGTHS)
        .mapToObj(length -> random.ints(length, 0, vocabulary).toArray())
        .toArray(int[][]::new);
  }

  private static List<int[]> places(int... rows) {
    return Arrays.stream(rows).mapToObj(row -> IntStream.range(0, LENGTHS[row]).toArray()).toList();
  }

  /** Those that average nothing over prompts. */
  private static Map<String, Intervention> alone(RandomModel random) {
    Sae sae = random.saes().attention(1);
    Map<String, Intervention> all = new LinkedHashMap<>();
    all.put("zero", SiteEdit.zero(Location.of(Site.ATTN_OUT, 1), Where.everywhere()));
    all.put("head", HeadAblation.of(2, 1, HeadAblation.Fill.ZERO, Where.everywhere()));
    all.put("error", new ErrorAblation(sae, Where.everywhere()));
    all.put("splice", Splice.withoutError(sae));
    all.put(
        "scale",
        new SiteEdit(
            Target.of(Location.of(Site.RESID_PRE, 2)),
            new SiteRule.Scale(0.5),
            Where.everywhere()));
    return all;
  }

  /** Those that put means over the prompts somewhere. */
  private static Map<String, Intervention> means() {
    Map<String, Intervention> all = new LinkedHashMap<>();
    for (HeadAblation.Fill fill :
        List.of(HeadAblation.Fill.MEAN, HeadAblation.Fill.MEAN_PER_POSITION)) {
      all.put("head " + fill, HeadAblation.of(1, 0, fill, Where.everywhere()));
    }
    Counterparts everything =
        Counterparts.meanOfAll(
            IntStream.range(0, LENGTHS.length).mapToObj(row -> new int[] {0, 1, 2}).toList(),
            places(0, 1, 2));
    all.put(
        "mean of all",
        new SiteEdit(
            Target.of(Location.of(Site.RESID_PRE, 1)),
            Replacement.mean(everything),
            Where.everywhere()));
    return all;
  }

  private static List<Metric> metrics() {
    int[] ends = Arrays.stream(LENGTHS).map(length -> length - 1).toArray();
    return List.of(
        new Metric.NextTokenLoss(),
        new Metric.Divergence(ends),
        new Metric.LogitDifference(ends, new long[] {3, 4, 5}, new long[] {6, 7, 8}),
        new Metric.TokenProbability(ends, new long[] {3, 4, 5}, true));
  }

  private static Metric metricOf(int row, int number) {
    int[] end = {LENGTHS[row] - 1};
    return switch (number) {
      case 0 -> new Metric.NextTokenLoss();
      case 1 -> new Metric.Divergence(end);
      case 2 -> new Metric.LogitDifference(end, new long[] {3 + row}, new long[] {6 + row});
      default -> new Metric.TokenProbability(end, new long[] {3 + row}, true);
    };
  }

  private static void assertSame(String what, double[] found, double[] expected) {
    assertThat(found).as(what).usingComparatorWithPrecision(SAME).containsExactly(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void numbersAreThoseOfThePrompts(int family) {
    Random draw = new Random(family);
    try (RandomModel random = RandomModel.family(family, 13).withSaes(30);
        Scope scope = Scope.open()) {
      int vocabulary = random.model().config().dVocab();
      int[][] ids = prompts(draw, vocabulary);
      Batch plain = batch(ids, LONGEST, null, vocabulary);
      Batch filled = batch(ids, LONGEST + MORE, draw, vocabulary);
      Map<String, Intervention> single = alone(random);
      Map<String, Intervention> all = new LinkedHashMap<>(single);
      all.putAll(means());
      for (Map.Entry<String, Intervention> one : all.entrySet()) {
        List<Intervention> edits = List.of(one.getValue());
        for (int number = family % 2; number < metrics().size(); number += 2) {
          Metric metric = metrics().get(number);
          String what = one.getKey() + ", " + metric.name();
          Outcome expected = PlannedSweep.measure(random.model(), plain, metric, edits, PLENTY);
          Outcome found = PlannedSweep.measure(random.model(), filled, metric, edits, PLENTY);
          assertSame(what, found.clean(), expected.clean());
          assertSame(what, found.changed(), expected.changed());
          for (int row = 0; row < ids.length && single.containsKey(one.getKey()); row++) {
            Batch own = batch(new int[][] {ids[row]}, LENGTHS[row], null, vocabulary);
            Outcome by =
                PlannedSweep.measure(random.model(), own, metricOf(row, number), edits, PLENTY);
            assertThat(found.changed()[row])
                .as("%s, prompt %d", what, row)
                .isCloseTo(by.changed()[0], offset(SAME));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4, 5, 7})
  void featuresAreThoseOfThePrompts(int family) {
    Random draw = new Random(family);
    try (RandomModel random = RandomModel.family(family, 14).withSaes(30);
        Scope scope = Scope.open()) {
      int vocabulary = random.model().config().dVocab();
      int[][] ids = prompts(draw, vocabulary);
      Sae sae = random.saes().attention(1);
      List<FeatureActivity> expected = new ArrayList<>();
      for (Batch batch :
          List.of(
              batch(ids, LONGEST, null, vocabulary),
              batch(ids, LONGEST + MORE, draw, vocabulary))) {
        List<FeatureActivity> found =
            FeatureActivity.of(random.model(), sae, batch, Where.everywhere());
        if (expected.isEmpty()) {
          expected.addAll(found);
        }
        assertThat(found)
            .usingRecursiveFieldByFieldElementComparator(
                RecursiveComparisonConfiguration.builder()
                    .withComparatorForType(
                        (a, b) -> Math.abs(a - b) < SAME ? 0 : Double.compare(a, b), Double.class)
                    .build())
            .containsExactlyElementsOf(expected);
        for (FeatureActivity.Firing firing :
            FeatureActivity.firings(random.model(), sae, batch, Where.everywhere())) {
          assertThat(firing.position()).isLessThan(LENGTHS[firing.row()]);
        }
      }
    }
  }
}
