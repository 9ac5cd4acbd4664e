package org.zlens.engine.sae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.zlens.engine.TensorAssert.assertClose;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.zlens.engine.Fixtures;
import org.zlens.engine.TinyGpt2;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.io.Safetensors;
import org.zlens.engine.io.TensorFile;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.model.WeightStep;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/** Encoding, decoding and errors against the numbers of the usual Python tools. */
class SaeGoldenTest {
  private static final double TOLERANCE = 1e-4;

  @ParameterizedTest
  @CsvSource({
    "saelens-v6/blocks.0.attn.hook_z, L0.z, z-L0",
    "saelens-v6/blocks.1.attn.hook_z, L1.z, z-L1",
    "saelens-v6/blocks.2.attn.hook_z, L2.z, z-L2",
    "residual-v6/blocks.0.hook_resid_pre, L0.resid_pre, resid-L0",
    "residual-v6/blocks.1.hook_resid_pre, L1.resid_pre, resid-L1",
    "residual-v6/blocks.2.hook_resid_pre, L2.resid_pre, resid-L2"
  })
  void encodesAndDecodes(String folder, String at, String golden) {
    Location location = Location.parse(at).orElseThrow();
    try (Scope scope = Scope.open();
        TensorFile expected =
            Safetensors.open(Fixtures.path("saes/golden/" + golden + ".safetensors"));
        TensorFile inputs =
            Safetensors.open(Fixtures.path("gpt2-tiny/activations_processed.safetensors"));
        Sae sae = TinyGpt2.sae(folder, location)) {
      Tensor x = TinyGpt2.tensor(inputs, location.canonical());
      Tensor acts = sae.encode(x);
      assertClose("pre", sae.preActivations(x), expected, "pre", TOLERANCE);
      assertClose("acts", acts, expected, "acts", TOLERANCE);
      assertClose("decoded", sae.decode(acts), expected, "recon", TOLERANCE);
      assertClose("recon", sae.flatten(sae.reconstruct(x)), expected, "recon", TOLERANCE);
      assertClose("error", sae.flatten(sae.error(x)), expected, "error", TOLERANCE);
      assertThat(sae.reconstruct(x).shape()).isEqualTo(x.shape());
      assertClose("flattened input", sae.encode(sae.flatten(x)).floats(), acts.floats(), TOLERANCE);
      int[] some = {7, 159, 0};
      assertClose(
          "some features",
          sae.encode(x, some).floats(),
          acts.indexSelect(-1, 7, 159, 0).floats(),
          1e-5);
      Tensor one = x.select(0, 1).select(0, 5);
      assertClose(
          "one vector", sae.encode(one).floats(), acts.select(0, 1).select(0, 5).floats(), 1e-5);
      assertThat(sae.constant(7)).isCloseTo(sae.constants().floats()[7], offset());
    }
  }

  private static org.assertj.core.data.Offset<Double> offset() {
    return org.assertj.core.data.Offset.offset(1e-5);
  }

  @Test
  void anSaeOfRawWeightsIsRefusedByProcessedOnes() {
    Transformer model = TinyGpt2.model(WeightStep.all());
    try (Scope scope = Scope.open();
        SaeSet saes = new SaeSet(model);
        Sae sae =
            new Sae(
                Location.of(Site.RESID_PRE, 0),
                WeightBasis.RAW,
                new SaeEncoder.Relu(),
                InputNormalization.NONE,
                true,
                Tensor.zeros(48, 5),
                Tensor.zeros(5),
                Tensor.zeros(5, 48),
                Tensor.zeros(48))) {
      assertThatThrownBy(() -> saes.attach(sae))
          .isInstanceOf(ZlensException.class)
          .hasMessageContaining("was trained on weights with writing weights as stored");
    } finally {
      model.weights().close();
    }
  }

  @Test
  void refusesTheWrongLayerSiteAndWidth() {
    Transformer model = TinyGpt2.model(WeightStep.all());
    try (SaeSet saes = new SaeSet(model)) {
      refused(saes, Location.of(Site.Z, 3), "layer 3");
      refused(saes, Location.of(Site.POST, 1), "reads 48 values, but the site has 192");
      refused(saes, Location.of(Site.PATTERN, 1), "cannot be attached at 'pattern'");
      saes.attach(TinyGpt2.sae("saelens-v6/blocks.1.attn.hook_z", Location.of(Site.Z, 1)));
      assertThat(saes.attention(1).features()).isEqualTo(160);
      assertThatThrownBy(() -> saes.residual(1))
          .hasMessage("no residual SAE before block 1 is attached")
          .extracting(e -> ((ZlensException) e).hint())
          .isEqualTo("attached: z of L1");
      assertThatThrownBy(() -> saes.attention(1).requireFeature(160))
          .hasMessage("no feature L1.F160 in the SAE at L1.z (it has 160)");
    } finally {
      model.weights().close();
    }
  }

  private static void refused(SaeSet saes, Location location, String message) {
    try (Sae sae = TinyGpt2.sae("saelens-v6/blocks.1.attn.hook_z", location)) {
      assertThatThrownBy(() -> saes.attach(sae))
          .hasMessageContaining(message)
          .extracting(e -> ((ZlensException) e).kind())
          .isEqualTo(Kind.DATA);
    }
  }

  @Test
  void vectorsOfAnotherWidthAreRefused() {
    try (Scope scope = Scope.open();
        Sae sae = TinyGpt2.sae("saelens-v6/blocks.1.attn.hook_z", Location.of(Site.Z, 1))) {
      assertThatThrownBy(() -> sae.encode(Tensor.zeros(2, 3, 47)))
          .isInstanceOf(ZlensException.class)
          .hasMessageContaining("do not fit the SAE at L1.z, which reads 48 values");
    }
  }
}
