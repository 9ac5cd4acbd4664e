package org.zlens.engine.sae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;
import static org.zlens.engine.TensorAssert.assertClose;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.zlens.engine.Fixtures;
import org.zlens.engine.RandomModel;
import org.zlens.engine.TinyGpt2;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.io.TensorFile;
import org.zlens.engine.measure.SaeQuality;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.model.WeightProcessing;
import org.zlens.engine.model.WeightStep;
import org.zlens.engine.model.Weights;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/** An SAE of processed weights on a model as stored does what it does on the processed model. */
class CoordinatesTest {
  private static final int SEED = 9;
  private static final int LAYER = 1;

  /** Models with the same weights, one of them after some steps of processing. */
  private static final class Pair implements AutoCloseable {
    private final RandomModel stored = RandomModel.raw(SEED);
    private final RandomModel source = RandomModel.raw(SEED);
    private final Transformer processed;
    private final Set<WeightStep> steps;

    Pair(Set<WeightStep> steps) {
      this.steps = steps;
      try (Scope scope = Scope.open()) {
        Transformer model = source.model();
        Weights weights = WeightProcessing.apply(model.weights(), model.config(), steps);
        processed = new Transformer(WeightProcessing.config(model.config(), steps), weights);
      }
    }

    /** A random SAE of the processed weights; the caller closes it. */
    Sae sae(Site site, boolean centersInput, SaeEncoder encoder) {
      return sae(site, WeightBasis.of(steps), centersInput, encoder);
    }

    /** The same of weights that are said to be others, or of which nothing is said. */
    Sae sae(Site site, WeightBasis basis, boolean centersInput, SaeEncoder encoder) {
      int width =
          switch (site) {
            case Q, Z, V -> 24;
            default -> 20;
          };
      RandomModel random = RandomModel.raw(77);
      try (random;
          Scope scope = Scope.open()) {
        return new Sae(
            Location.of(site, LAYER),
            basis,
            encoder,
            InputNormalization.NONE,
            centersInput,
            random.normal(0.4, width, 40),
            random.normal(0.3, 40),
            random.normal(0.3, 40, width),
            random.normal(0.3, width));
      }
    }

    @Override
    public void close() {
      stored.close();
      processed.weights().close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Z, true",
    "Z, false",
    "V, true",
    "V, false",
    "RESID_PRE, true",
    "RESID_PRE, false",
    "RESID_MID, true",
    "RESID_POST, false",
    "ATTN_OUT, true",
    "MLP_OUT, false",
    "LN1_NORMALIZED, true",
    "LN2_NORMALIZED, false",
    "Q, true"
  })
  void theLossRecoveredIsThatOnTheProcessedModel(Site site, boolean centersInput) {
    SaeEncoder encoder = new SaeEncoder.TopK(9, false);
    try (Pair models = new Pair(WeightStep.all());
        Scope scope = Scope.open();
        SaeSet there = new SaeSet(models.processed, WeightStep.all());
        SaeSet here = new SaeSet(models.stored.model(), Set.of())) {
      List<Tensor> text = List.of(models.stored.tokens(3, 12), models.stored.tokens(3, 12));
      Sae own = models.sae(site, centersInput, encoder);
      there.attach(own);
      assertThat(own.conversion()).isEmpty();
      Sae converted = models.sae(site, centersInput, encoder);
      here.attach(converted);
      assertThat(converted.conversion().isEmpty()).isEqualTo(site == Site.Q);
      SaeQuality expected = SaeQuality.measure(models.processed, own, text);
      SaeQuality actual = SaeQuality.measure(models.stored.model(), converted, text);
      assertThat(actual.cleanLoss()).isCloseTo(expected.cleanLoss(), offset(1e-4));
      assertThat(actual.splicedLoss()).isCloseTo(expected.splicedLoss(), offset(1e-4));
      assertThat(actual.zeroLoss()).isCloseTo(expected.zeroLoss(), offset(1e-4));
      assertThat(actual.activeFeatures()).isEqualTo(expected.activeFeatures());
      // A random model hardly misses the site, so that the share divides rounding by little.
      double lost = Math.abs(expected.zeroLoss() - expected.cleanLoss());
      double allowed = 1e-4 * Math.max(1, (1 + Math.abs(expected.lossRecovered())) / lost / 10);
      assertThat(actual.lossRecovered()).isCloseTo(expected.lossRecovered(), offset(allowed));
      sameFeatures(models, own, converted, text.get(0));
    }
  }

  private static void sameFeatures(Pair models, Sae own, Sae converted, Tensor tokens) {
    Hooks hooks = Hooks.none().capture(own.location());
    Tensor x = models.processed.forward(tokens, hooks).get(own.location());
    Tensor raw = models.stored.model().forward(tokens, hooks).get(own.location());
    assertClose("acts", converted.encode(raw).floats(), own.encode(x).floats(), 1e-4);
    if (own.location().site() != Site.LN1_NORMALIZED
        && own.location().site() != Site.LN2_NORMALIZED) {
      assertClose("error", converted.error(raw).floats(), own.error(x).floats(), 1e-4);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "saelens-v6/blocks.0.attn.hook_z, L0.z",
    "saelens-v6/blocks.1.attn.hook_z, L1.z",
    "saelens-v6/blocks.2.attn.hook_z, L2.z",
    "residual-v6/blocks.0.hook_resid_pre, L0.resid_pre",
    "residual-v6/blocks.1.hook_resid_pre, L1.resid_pre",
    "residual-v6/blocks.2.hook_resid_pre, L2.resid_pre"
  })
  void trainedSaesRecoverAsMuchOnTheModelAsStored(String folder, String at) {
    Location location = Location.parse(at).orElseThrow();
    Transformer stored = TinyGpt2.model(Set.of());
    try (TinyGpt2 processed = TinyGpt2.open();
        Scope scope = Scope.open();
        SaeSet here = new SaeSet(stored, Set.of());
        TensorFile golden = TensorFile.open(Fixtures.path("gpt2-tiny/golden.safetensors"))) {
      List<Tensor> text = List.of(TinyGpt2.longs(golden, "tokens"));
      Sae converted = TinyGpt2.sae(folder, location);
      here.attach(converted);
      Sae own = processed.saes().find(location).orElseThrow();
      SaeQuality expected = SaeQuality.measure(processed.model(), own, text);
      SaeQuality actual = SaeQuality.measure(stored, converted, text);
      assertThat(expected.lossRecovered()).isBetween(0.3, 1.2);
      assertThat(actual.lossRecovered()).isCloseTo(expected.lossRecovered(), offset(1e-4));
      assertThat(actual.activeFeatures()).isEqualTo(expected.activeFeatures());
    } finally {
      stored.weights().close();
    }
  }

  @Test
  void onlyTheValueBiasesThatWereFoldedAreMoved() {
    Set<WeightStep> steps = EnumSet.of(WeightStep.FOLD_VALUE_BIASES);
    try (Pair models = new Pair(steps);
        Scope scope = Scope.open();
        SaeSet there = new SaeSet(models.processed, steps);
        SaeSet here = new SaeSet(models.stored.model(), Set.of())) {
      Sae own = models.sae(Site.Z, true, new SaeEncoder.Relu());
      Sae converted = models.sae(Site.Z, true, new SaeEncoder.Relu());
      there.attach(own);
      here.attach(converted);
      sameFeatures(models, own, converted, models.stored.tokens(2, 9));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Site.class,
      names = {"Z", "V", "RESID_PRE", "MLP_OUT", "LN1_NORMALIZED"})
  void whatProcessingHasLostIsNotMadeUp(Site site) {
    try (Pair models = new Pair(WeightStep.all());
        SaeSet set = new SaeSet(models.processed, WeightStep.all());
        Pair raw = new Pair(Set.of());
        Sae sae = raw.sae(site, true, new SaeEncoder.Relu())) {
      assertThatThrownBy(() -> set.attach(sae))
          .isInstanceOf(ZlensException.class)
          .hasMessageContaining("was trained on weights with ")
          .extracting(e -> ((ZlensException) e).kind())
          .isEqualTo(Kind.DATA);
      assertThat(sae.conversion()).isEmpty();
    }
  }

  @Test
  void anUnstatedSaeOfValuesIsNotGuessedAt() {
    try (Pair models = new Pair(WeightStep.all());
        Sae sae = models.sae(Site.Z, WeightBasis.UNSTATED, true, new SaeEncoder.Relu());
        SaeSet set = new SaeSet(models.stored.model())) {
      assertThatThrownBy(() -> set.attach(sae))
          .hasMessageContaining("does not say of which weights it was trained");
    }
  }

  @Test
  void aConstantCannotPassANormalisation() {
    try (Pair models = new Pair(WeightStep.all());
        Scope scope = Scope.open();
        Sae sae =
            new Sae(
                Location.of(Site.Z, 1),
                WeightBasis.PROCESSED,
                new SaeEncoder.Relu(),
                InputNormalization.LAYER_NORM,
                true,
                Tensor.zeros(24, 5),
                Tensor.zeros(5),
                Tensor.zeros(5, 24),
                Tensor.zeros(24));
        SaeSet set = new SaeSet(models.stored.model())) {
      assertThatThrownBy(() -> set.attach(sae))
          .hasMessageContaining("normalises its input by 'layer_norm'");
    }
  }
}
