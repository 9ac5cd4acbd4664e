package org.zlens.engine.attribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.zlens.engine.RandomModel;
import org.zlens.engine.ZlensException;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.intervene.Experiment;
import org.zlens.engine.intervene.FeatureAblation;
import org.zlens.engine.intervene.HeadAblation;
import org.zlens.engine.intervene.HeadAblation.Fill;
import org.zlens.engine.intervene.Intervention;
import org.zlens.engine.intervene.Metric;
import org.zlens.engine.intervene.SiteEdit;
import org.zlens.engine.intervene.SiteRule;
import org.zlens.engine.intervene.Sweep;
import org.zlens.engine.intervene.Target;
import org.zlens.engine.intervene.Where;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

class GradientAttributionTest {
  private static final Where AT = Where.each(2, 4, 1);

  private RandomModel random;
  private Scope scope;
  private Batch batch;
  private Metric metric;

  @BeforeEach
  void open() {
    random = RandomModel.processed(5).withSaes(30);
    scope = Scope.open();
    batch = new Batch(random.tokens(3, 7), new int[] {7, 6, 5});
    metric = new Metric.LogitDifference(batch.ends(), new long[] {1, 2, 3}, new long[] {4, 5, 6});
  }

  @AfterEach
  void close() {
    scope.close();
    random.close();
  }

  private GradientAttribution gradients(int steps) {
    return new GradientAttribution(random.model(), batch, metric, steps, Progress.NONE);
  }

  private double[] effects(Intervention... together) {
    return Experiment.measure(random.model(), batch, metric, List.of(together)).effects();
  }

  private static int[] all(Sae sae) {
    return IntStream.range(0, sae.features()).toArray();
  }

  private SiteEdit small(Site site, int layer, double factor) {
    return new SiteEdit(
        Target.of(Location.of(site, layer)), new SiteRule.Scale(factor), Where.everywhere());
  }

  /** A change so small that the metric is linear over it: the estimate is what a run finds. */
  @Test
  void estimatesOfSmallChangesAreTheirEffects() {
    for (Site site :
        List.of(Site.RESID_PRE, Site.Z, Site.V, Site.ATTN_OUT, Site.POST, Site.MLP_OUT)) {
      for (int layer = 0; layer < 3; layer++) {
        double step = 2e-3;
        double[] estimate = gradients(0).each(List.of(small(site, layer, 1 + step)))[0];
        double[] up = effects(small(site, layer, 1 + step));
        double[] down = effects(small(site, layer, 1 - step));
        for (int row = 0; row < 3; row++) {
          assertThat(estimate[row])
              .as(site + " of layer " + layer)
              .isCloseTo((up[row] - down[row]) / 2, within(2e-5));
        }
      }
    }
  }

  @Test
  void aFeaturesEstimateIsTheInnerProductDoneByHand() {
    Sae sae = random.saes().attention(1);
    double[][] found = gradients(0).features(sae, all(sae), AT);
    // The gradient by central differences of the metric along each decoder direction.
    Tensor z =
        random
            .model()
            .forward(batch.tokens(), Hooks.none().capture(sae.location()).withoutLogits())
            .get(sae.location());
    int[] places = {2, 4, 1};
    for (int feature = 0; feature < sae.features(); feature++) {
      float[] direction = sae.directions(feature).floats();
      double step = 1e-2;
      double[] up = effects(moved(sae, direction, step));
      double[] down = effects(moved(sae, direction, -step));
      for (int row = 0; row < 3; row++) {
        Tensor own = z.select(0, row).select(0, places[row]);
        double activation = sae.encode(own.reshape(1, -1), feature).floats()[0];
        double slope = (up[row] - down[row]) / (2 * step);
        assertThat(found[feature][row]).isCloseTo(-activation * slope, within(2e-3));
      }
    }
  }

  private static SiteEdit moved(Sae sae, float[] direction, double by) {
    float[] vector = new float[direction.length];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) (by * direction[i]);
    }
    return new SiteEdit(Target.of(sae.location()), new SiteRule.Add(vector, "a direction"), AT);
  }

  @Test
  void featuresAndHeadsAreThoseOfTheInterventionsThemselves() {
    for (int steps : new int[] {0, 3}) {
      Sae sae = random.saes().attention(2);
      int[] active = active(sae);
      double[][] features = gradients(0).features(sae, active, AT);
      for (int i = 0; i < active.length; i++) {
        double[] alone = gradients(0).each(List.of(FeatureAblation.of(sae, active[i], AT)))[0];
        assertClose(features[i], alone, 1e-5);
      }
      List<HeadAblation> layers = heads(Fill.MEAN);
      Map<Location, double[][]> heads = gradients(steps).heads(layers);
      Map<Location, double[][]> places = gradients(steps).places(layers);
      heads.forEach(
          (location, byHead) -> assertClose(sum(byHead), sum(places.get(location)), 1e-5));
      assertThat(places.get(Location.of(Site.Z, 1))[0][0]).isZero();
    }
  }

  private List<HeadAblation> heads(Fill fill) {
    List<HeadAblation> layers = new ArrayList<>();
    for (int layer = 0; layer < 3; layer++) {
      layers.add(new HeadAblation(layer, List.of(0, 1, 2, 3), fill, AT));
    }
    return layers;
  }

  private int[] active(Sae sae) {
    return Sweep.activeFeatures(random.model(), sae, batch, AT).stream()
        .mapToInt(one -> one.features().get(0))
        .toArray();
  }

  private static double[] sum(double[][] each) {
    double[] sum = new double[each[0].length];
    for (double[] one : each) {
      Arrays.setAll(sum, row -> sum[row] + one[row]);
    }
    return sum;
  }

  private static void assertClose(double[] actual, double[] expected, double tolerance) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within(tolerance));
    }
  }

  /** Integrated gradients add up to the effect of all changes together. */
  @Test
  void moreStepsComeCloserToTheWholeEffect() {
    Sae sae = random.saes().attention(1);
    int[] active = active(sae);
    double[] whole = effects(new FeatureAblation(sae, Arrays.stream(active).boxed().toList(), AT));
    double few = distance(sum(gradients(2).features(sae, active, AT)), whole);
    double many = distance(sum(gradients(50).features(sae, active, AT)), whole);
    assertThat(many).isLessThan(2e-3).isLessThan(few);

    List<HeadAblation> layers = heads(Fill.ZERO);
    double[] together = effects(layers.toArray(Intervention[]::new));
    double coarse = distance(total(gradients(2).heads(layers)), together);
    double fine = distance(total(gradients(50).heads(layers)), together);
    assertThat(fine).isLessThan(5e-3).isLessThan(coarse);
  }

  @Test
  void featuresOfSeveralLayersAddUpToWhatTheyDoTogether() {
    List<Sae> saes = List.of(random.saes().attention(0), random.saes().residual(2));
    List<int[]> features = saes.stream().map(this::active).toList();
    double[] whole = gradients(0).together(saes, features, AT);
    double[] total = new double[3];
    gradients(50).features(saes, features, AT).forEach(each -> add(total, sum(each)));
    assertThat(distance(total, whole)).isLessThan(5e-3);
    List<Sae> one = saes.subList(0, 1);
    double[] alone = gradients(0).together(one, features.subList(0, 1), AT);
    List<Integer> all = Arrays.stream(features.get(0)).boxed().toList();
    assertClose(alone, effects(new FeatureAblation(one.get(0), all, AT)), 1e-4);
    List<HeadAblation> layers = heads(Fill.MEAN);
    assertClose(gradients(0).together(layers), effects(layers.toArray(Intervention[]::new)), 1e-4);
  }

  private static double[] total(Map<Location, double[][]> found) {
    double[] total = new double[3];
    found.values().forEach(each -> add(total, sum(each)));
    return total;
  }

  private static void add(double[] total, double[] more) {
    Arrays.setAll(total, row -> total[row] + more[row]);
  }

  private static double distance(double[] actual, double[] expected) {
    double most = 0;
    for (int i = 0; i < expected.length; i++) {
      most = Math.max(most, Math.abs(actual[i] - expected[i]));
    }
    return most;
  }

  /** Behind the last residual stream all is linear but the norm, whose metric here is a logit. */
  @Test
  void itIsExactWhereTheMetricIsLinear() {
    Where end = Where.each(batch.ends());
    Location last = Location.of(Site.RESID_POST, 2);
    try (RandomModel folded = RandomModel.raw(9)) {
      // A change along the stream itself leaves what the norm makes of it as it is.
      Intervention longer = new SiteEdit(Target.of(last), new SiteRule.Scale(3), end);
      GradientAttribution own =
          new GradientAttribution(folded.model(), batch, metric, 20, Progress.NONE);
      double[] estimate = own.each(List.of(longer))[0];
      double[] exact = Experiment.measure(folded.model(), batch, metric, longer).effects();
      assertClose(estimate, exact, 1e-3);
    }
  }

  @Test
  void partsOfTheDivergenceAddUpAndItsGradientAloneIsRefused() {
    Metric divergence = new Metric.Divergence(batch.ends());
    assertThatThrownBy(
            () -> new GradientAttribution(random.model(), batch, divergence, 0, Progress.NONE))
        .isInstanceOf(ZlensException.class)
        .hasMessageContaining("flat at the clean run");
    List<HeadAblation> layers = heads(Fill.ZERO);
    double[] whole = Experiment.measure(random.model(), batch, divergence, layers).effects();
    GradientAttribution own =
        new GradientAttribution(random.model(), batch, divergence, 60, Progress.NONE);
    assertThat(distance(total(own.heads(layers)), whole)).isLessThan(5e-3);
  }

  @Test
  void manyPromptsInPartsAreAsInOne() {
    int rows = 300;
    Batch many = Batch.of(random.tokens(rows, 20));
    long[] first = new long[rows];
    long[] second = new long[rows];
    Arrays.fill(second, 7);
    Metric each = new Metric.LogitDifference(many.ends(), first, second);
    List<HeadAblation> layers =
        List.of(new HeadAblation(1, List.of(0, 1, 2, 3), Fill.MEAN, Where.everywhere()));
    GradientAttribution all = new GradientAttribution(random.model(), many, each, 0, Progress.NONE);
    double[][] found = all.heads(layers).get(Location.of(Site.Z, 1));
    double[] whole = all.each(layers)[0];
    assertThat(found).hasNumberOfRows(4);
    assertClose(sum(found), whole, 1e-4);
    assertThat(whole[rows - 1]).isNotZero();
  }
}
