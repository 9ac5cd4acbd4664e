package org.zlens.engine.attribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;
import static org.zlens.engine.TensorAssert.assertClose;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.zlens.engine.RandomModel;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.intervene.FeatureEdit;
import org.zlens.engine.intervene.Splice;
import org.zlens.engine.intervene.Where;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.InputNormalization;
import org.zlens.engine.sae.Sae;
import org.zlens.engine.sae.SaeEncoder;

/** What reads encoder and decoder directions adds up for every encoder and every normalisation. */
class EncoderKindsTest {
  private static final double ROUNDING = 1e-4;
  private static final int FEATURES = 30;

  static Stream<Arguments> kinds() {
    float[] thresholds = new float[FEATURES];
    Arrays.fill(thresholds, 0.3f);
    float[] gates = floats(0.4, -0.2);
    List<SaeEncoder> encoders =
        List.of(
            new SaeEncoder.Relu(),
            new SaeEncoder.TopK(5, false),
            new SaeEncoder.TopK(5, true),
            new SaeEncoder.JumpRelu(thresholds),
            new SaeEncoder.Gated(gates, floats(0.1, 0.3), floats(-0.5, 0.4)));
    return encoders.stream()
        .flatMap(
            encoder ->
                Stream.of(InputNormalization.values())
                    .map(normalization -> Arguments.of(encoder, normalization)));
  }

  private static float[] floats(double even, double odd) {
    float[] values = new float[FEATURES];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (i % 2 == 0 ? even : odd);
    }
    return values;
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everySplitAddsUp(SaeEncoder encoder, InputNormalization normalization) {
    try (RandomModel random = RandomModel.processed(4).withSaes(FEATURES, encoder, normalization);
        Scope scope = Scope.open()) {
      CleanRun run = CleanRun.of(random.saes(), random.tokens(2, 8));
      int layer = 2;
      Sae sae = run.saes().attention(layer);
      int active = 0;
      for (int feature = 0; feature < FEATURES; feature++) {
        DirectFeatureAttribution direct = DirectFeatureAttribution.of(run, layer, feature, 1, 7);
        adds(direct.byHead());
        adds(direct.byBoth());
        adds(direct.bySource());
        if (direct.activation() > 0) {
          active++;
          assertThat(direct.activation()).isCloseTo(direct.preActivation(), offset(ROUNDING));
          double[] bySource = direct.bySource().values(Part.SOURCE);
          float[] matrix =
              DirectFeatureAttribution.matrix(run, layer, feature)
                  .select(0, 1)
                  .select(0, 7)
                  .floats();
          for (int source = 0; source < 8; source++) {
            assertThat((double) matrix[source]).isCloseTo(bySource[source], offset(ROUNDING));
          }
          SourceAttribution split = SourceAttribution.of(run, direct, 3, 1);
          adds(split.byFeature());
          adds(split.byResidualFeature().orElseThrow());
        }
      }
      assertThat(active).isPositive();
      ResidualFeatureAttribution residual = ResidualFeatureAttribution.of(run, 2, 11, 0, 5);
      adds(residual.byComponent());
      adds(residual.byFeature());
      assertThat(sae.location()).isEqualTo(Location.of(Site.Z, layer));
    }
  }

  private static void adds(Attribution attribution) {
    double sum = attribution.rows().stream().mapToDouble(Contribution::contribution).sum();
    assertThat(sum).isCloseTo(attribution.total(), offset(ROUNDING));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void anEditedActivationIsDecodedInTheUnitsOfTheModel(
      SaeEncoder encoder, InputNormalization normalization) {
    try (RandomModel random = RandomModel.processed(5).withSaes(FEATURES, encoder, normalization);
        Scope scope = Scope.open()) {
      Sae sae = random.saes().attention(1);
      Tensor tokens = random.tokens(1, 6);
      Tensor clean =
          random.model().forward(tokens, Hooks.none().capture(sae.location())).get(sae.location());
      float[] acts = sae.encode(clean).select(0, 0).select(0, 5).floats();
      int feature = IntStream.range(0, FEATURES).filter(i -> acts[i] > 0).findFirst().orElseThrow();
      Splice splice = Splice.withError(sae).edit(FeatureEdit.zero(feature, Where.all(5)));
      Edit edit = splice.edits(null, Batch.of(tokens)).get(0);
      float[] changed =
          random
              .model()
              .forward(tokens, Hooks.none().edit(edit).capture(sae.location()))
              .get(sae.location())
              .select(0, 0)
              .select(0, 5)
              .reshape(-1)
              .floats();
      Tensor place = sae.flatten(clean).select(0, 0).select(0, 5);
      float[] direction = sae.directions(feature).reshape(-1).floats();
      double factor = sae.scale(place).item();
      float[] before = place.floats();
      float[] expected = new float[before.length];
      for (int i = 0; i < before.length; i++) {
        expected[i] = (float) (before[i] - acts[feature] * factor * direction[i]);
      }
      assertClose("edited", changed, expected, ROUNDING);
    }
  }
}
