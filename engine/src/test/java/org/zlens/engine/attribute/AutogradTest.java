package org.zlens.engine.attribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zlens.engine.RandomModel;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.runtime.GradMode;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/**
 * A third witness: gradients of the pre-activation with patterns and norm scales held constant in
 * the pass itself. What is linear in an input contributes its gradient times the input.
 */
class AutogradTest {
  private static final int LAYER = 2;
  private static final int ROW = 1;
  private static final int DESTINATION = 6;
  private static final double ROUNDING = 1e-4;

  /** A hook that goes on with a value instead of the computed one. */
  private static Edit instead(Location location, Tensor value) {
    return new Edit(location, "hold " + location.shortName(), Edit.Effect.MAY_CHANGE, x -> value);
  }

  /** Pre-activation with the pattern and scale of the layer held, and a leaf at one location. */
  private static Tensor preActivation(
      RandomModel random, CleanRun run, Tensor tokens, int feature, Location at, Tensor leaf) {
    List<Edit> held = new ArrayList<>();
    held.add(instead(Location.of(Site.PATTERN, LAYER), run.patterns(LAYER)));
    Location scale = Location.of(Site.LN1_SCALE, LAYER);
    held.add(instead(scale, run.activations().get(scale)));
    held.add(instead(at, leaf));
    Sae sae = random.saes().attention(LAYER);
    Hooks hooks = Hooks.none().edit(held).capture(sae.location()).withoutLogits();
    Tensor z = random.model().forward(tokens, hooks).get(sae.location());
    return sae.preActivations(z).select(0, ROW).select(0, DESTINATION).select(0, feature);
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23})
  void valuesThroughTheFrozenPattern(long seed) {
    try (RandomModel random = RandomModel.grouped(seed).withSaes(30);
        Scope scope = Scope.open()) {
      Tensor tokens = random.tokens(2, 8);
      CleanRun run = CleanRun.of(random.saes(), tokens);
      int feature = (int) seed % 30;
      DirectFeatureAttribution direct =
          DirectFeatureAttribution.of(run, LAYER, feature, ROW, DESTINATION);
      Tensor values = run.activations().get(Site.V, LAYER);
      float[] products;
      try (GradMode mode = GradMode.on()) {
        Tensor leaf = values.leaf();
        Tensor pre = preActivation(random, run, tokens, feature, Location.of(Site.V, LAYER), leaf);
        assertThat(pre.item()).isCloseTo(direct.preActivation(), offset(ROUNDING));
        products = pre.gradients(List.of(leaf))[0].mul(values).sum(2L, 3L).floats();
      }
      for (int source = 0; source < 8; source++) {
        double expected = source <= DESTINATION ? direct.at(source) : 0;
        assertThat((double) products[ROW * 8 + source]).isCloseTo(expected, offset(ROUNDING));
        assertThat(products[source]).isZero();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {31, 32, 33})
  void residualStreamThroughFrozenPatternAndScale(long seed) {
    try (RandomModel random = RandomModel.processed(seed).withSaes(30);
        Scope scope = Scope.open()) {
      Tensor tokens = random.tokens(2, 8);
      CleanRun run = CleanRun.of(random.saes(), tokens);
      int feature = (int) seed % 30;
      DirectFeatureAttribution direct =
          DirectFeatureAttribution.of(run, LAYER, feature, ROW, DESTINATION);
      Location stream = Location.of(Site.RESID_PRE, LAYER);
      Tensor gradient;
      try (GradMode mode = GradMode.on()) {
        Tensor leaf = run.activations().get(stream).leaf();
        Tensor pre = preActivation(random, run, tokens, feature, stream, leaf);
        gradient = pre.gradients(List.of(leaf))[0].select(0, ROW);
      }
      for (int source = 0; source <= DESTINATION; source++) {
        SourceAttribution split = SourceAttribution.of(run, direct, source, 1);
        float[] reader = gradient.select(0, source).floats();
        for (Contribution part : split.byComponent().rows()) {
          Location location =
              switch (part.part()) {
                case EMBED -> Location.of(Site.EMBED);
                case POS_EMBED -> Location.of(Site.POS_EMBED);
                case ATTN_OUT -> Location.of(Site.ATTN_OUT, part.layer());
                case MLP_OUT -> Location.of(Site.MLP_OUT, part.layer());
                default -> null;
              };
          if (location != null) {
            double expected = Readout.dot(run.vector(location, ROW, source).floats(), reader);
            assertThat(part.contribution())
                .as(part.name() + " from " + source)
                .isCloseTo(expected, offset(ROUNDING));
          }
        }
      }
    }
  }
}
