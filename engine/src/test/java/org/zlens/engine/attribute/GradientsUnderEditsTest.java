package org.zlens.engine.attribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.zlens.engine.RandomModel;
import org.zlens.engine.ZlensException;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.intervene.Counterparts;
import org.zlens.engine.intervene.ErrorAblation;
import org.zlens.engine.intervene.Experiment;
import org.zlens.engine.intervene.FeatureAblation;
import org.zlens.engine.intervene.FeatureEdit;
import org.zlens.engine.intervene.HeadAblation;
import org.zlens.engine.intervene.Intervention;
import org.zlens.engine.intervene.Metric;
import org.zlens.engine.intervene.Replacement;
import org.zlens.engine.intervene.SiteEdit;
import org.zlens.engine.intervene.SiteRule;
import org.zlens.engine.intervene.Splice;
import org.zlens.engine.intervene.Standing;
import org.zlens.engine.intervene.Sweep;
import org.zlens.engine.intervene.Target;
import org.zlens.engine.intervene.Where;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.sae.Sae;

/** Edits in force are part of the pass that gradients go through. */
class GradientsUnderEditsTest {
  private static final Where SOME = Where.each(2, 4, 1);
  private static final Where EVERYWHERE = Where.everywhere();

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

  /** One edit of each kind between what is moved and what is read. */
  private List<List<Intervention>> inForce() {
    Sae sae = random.saes().attention(1);
    Sae residual = random.saes().residual(2);
    int feature = active(sae);
    List<int[]> places =
        IntStream.of(batch.lengths()).mapToObj(n -> IntStream.range(0, n).toArray()).toList();
    Replacement held = Replacement.freeze(Counterparts.own(places));
    return List.of(
        List.of(HeadAblation.of(1, 2, HeadAblation.Fill.ZERO, EVERYWHERE)),
        List.of(scaled(Site.MLP_OUT, 1, 0.5)),
        List.of(scaled(Site.PATTERN, 2, 0.7)),
        List.of(scaled(Site.LN2_SCALE, 1, 1.3)),
        List.of(new SiteEdit(Target.of(Location.of(Site.FINAL_SCALE)), held, EVERYWHERE)),
        List.of(new SiteEdit(Target.of(Site.PATTERN, 1), held, EVERYWHERE)),
        List.of(FeatureAblation.of(sae, feature, SOME)),
        List.of(Splice.withError(sae).edit(FeatureEdit.scale(feature, 3, EVERYWHERE))),
        List.of(Splice.withError(sae).edit(FeatureEdit.add(feature, 2, SOME))),
        List.of(Splice.withoutError(residual)),
        List.of(new ErrorAblation(residual, SOME)));
  }

  private int active(Sae sae) {
    return Sweep.activity(random.model(), sae, batch, SOME).get(0).feature();
  }

  private static SiteEdit scaled(Site site, int layer, double factor) {
    Location at = Location.of(site, layer);
    return new SiteEdit(Target.of(at), new SiteRule.Scale(factor), EVERYWHERE);
  }

  private Transformer under(List<Intervention> edits) {
    return new Standing(random.model(), batch, List.of(edits), (step, change) -> {}).model();
  }

  /** A change so small that the metric is linear over it: the estimate is what a run finds. */
  @Test
  void estimatesUnderEditsAreWhatRunsUnderThemFind() {
    for (List<Intervention> edits : inForce()) {
      Transformer model = under(edits);
      for (Site site : List.of(Site.RESID_PRE, Site.Z, Site.MLP_OUT)) {
        for (int layer = 0; layer < 2; layer++) {
          SiteEdit small = scaled(site, layer, 1.002);
          double[] estimated =
              new GradientAttribution(model, batch, metric, 0, Progress.NONE)
                  .each(List.of(small))[0];
          double[] found = Experiment.measure(model, batch, metric, small).effects();
          double size = IntStream.range(0, 3).mapToDouble(i -> Math.abs(found[i])).max().orElse(0);
          for (int row = 0; row < 3; row++) {
            assertThat(estimated[row])
                .as("%s of layer %d, prompt %d, under %s", site, layer, row, edits)
                .isCloseTo(found[row], within(0.03 * size + 2e-5));
          }
        }
      }
    }
  }

  @Test
  void featuresOfAnSaeThatAnEditHasPutThereAreRefused() {
    Sae sae = random.saes().attention(1);
    int feature = active(sae);
    Transformer model =
        under(List.of(Splice.withError(sae).edit(FeatureEdit.add(feature, 2, EVERYWHERE))));
    GradientAttribution gradients = new GradientAttribution(model, batch, metric, 0, Progress.NONE);
    assertThatThrownBy(() -> gradients.features(sae, new int[] {feature}, SOME))
        .isInstanceOf(ZlensException.class)
        .hasMessage("an edit in force has put the SAE of L1.z in the place of what it reads");
    assertThat(gradients.features(random.saes().attention(2), new int[] {0}, SOME).length)
        .isEqualTo(1);
  }

  @Test
  void severalEditsOfOneSaeAreRefused() {
    Sae sae = random.saes().attention(1);
    Transformer model =
        under(
            List.of(
                Splice.withError(sae).edit(FeatureEdit.add(0, 3, EVERYWHERE)),
                Splice.withError(sae).edit(FeatureEdit.scale(active(sae), 0.5, SOME))));
    assertThatThrownBy(() -> new GradientAttribution(model, batch, metric, 0, Progress.NONE))
        .isInstanceOf(ZlensException.class)
        .hasMessage("gradients do not pass several edits of one SAE in force");
  }

  @Test
  void changesThatChangeNothingAreAnError() {
    Location at = Location.of(Site.Z, 1);
    List<int[]> places =
        IntStream.of(batch.lengths()).mapToObj(n -> IntStream.range(0, n).toArray()).toList();
    Replacement same = Replacement.freeze(Counterparts.own(places));
    SiteEdit idle = new SiteEdit(Target.of(at), same, EVERYWHERE);
    GradientAttribution gradients =
        new GradientAttribution(random.model(), batch, metric, 0, Progress.NONE);
    assertThatThrownBy(() -> gradients.each(List.of(idle)))
        .isInstanceOf(ZlensException.class)
        .hasMessage("none of the changes changes anything: the values are so already");
  }
}
