package org.zlens.engine.sae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.zlens.engine.TensorAssert.assertClose;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.zlens.engine.Fixtures;
import org.zlens.engine.TinyGpt2;
import org.zlens.engine.ZlensException;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.io.JsonFile;
import org.zlens.engine.io.TensorFile;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/** SAEs of every kind of file at work on native memory. */
class SaeWeightsTest {
  private static final double TOLERANCE = 1e-4;

  private static final Set<String> WITHOUT_HOOK = Set.of("dictionary_learning", "gemma-scope-npz");

  @TestFactory
  List<DynamicTest> everyReadableSaeRuns() {
    Path index = Fixtures.path("saes/index.json");
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode entry : JsonFile.read(index).get("saes")) {
      tests.add(DynamicTest.dynamicTest(entry.get("id").textValue(), () -> check(index, entry)));
    }
    assertThat(tests).hasSizeGreaterThan(25);
    return tests;
  }

  private static void check(Path index, JsonNode entry) {
    String hook = entry.get("hook").textValue();
    Path path = index.resolveSibling(entry.get("path").textValue());
    Path golden = index.resolveSibling(entry.get("golden").textValue());
    boolean named = !WITHOUT_HOOK.contains(entry.get("format").textValue());
    SaeWeights weights = SaeReader.read(path, named ? null : hook);
    try (Scope scope = Scope.open();
        TensorFile expected = TensorFile.open(golden);
        TensorFile inputs =
            TensorFile.open(Fixtures.path("gpt2-tiny/activations_processed.safetensors"));
        Sae sae = weights.toSae()) {
      Tensor x = TinyGpt2.tensor(inputs, sae.location().canonical());
      Tensor pre = sae.preActivations(x);
      if (weights.encoder() instanceof SaeEncoder.TopK topK && topK.rescaled()) {
        // The norms that this one ranks by are part of its encoder when it runs.
        pre = pre.div(Tensor.of(weights.wDec(), sae.features(), sae.width()).norm(1));
      }
      assertClose("pre", pre, expected, "pre", TOLERANCE);
      Tensor acts = sae.encode(x);
      if (!golden.endsWith("scaling.safetensors")) {
        assertClose("acts", acts, expected, "acts", TOLERANCE);
      }
      assertClose("recon", sae.flatten(sae.reconstruct(x)), expected, "recon", TOLERANCE);
      assertClose("error", sae.flatten(sae.error(x)), expected, "error", TOLERANCE);
      int[] some = {7, 159, 0};
      assertClose(
          "some features",
          sae.encode(x, some).floats(),
          acts.indexSelect(-1, 7, 159, 0).floats(),
          1e-5);
      matchesOneVector(sae, x, acts);
    }
  }

  /** What attributions take from an SAE at one vector is that vector's own arithmetic. */
  private static void matchesOneVector(Sae sae, Tensor x, Tensor acts) {
    Tensor one = sae.flatten(x).select(0, 1).select(0, 5);
    float[] expected = sae.preActivations(one).floats();
    for (int feature : new int[] {3, 80}) {
      double read = one.mul(sae.reader(feature, one)).sum().item() + sae.constant(feature);
      assertThat(read).isCloseTo(expected[feature], org.assertj.core.data.Offset.offset(1e-4));
    }
    Tensor row = acts.select(0, 1).select(0, 5);
    Tensor sum = row.unsqueeze(0).matmul(sae.wDec()).mul(sae.scale(one)).add(sae.bias(one));
    assertClose("sum of parts", sum.reshape(-1).floats(), sae.reconstruct(one).floats(), TOLERANCE);
  }

  @Test
  void theSiteDecidesTheLocation() {
    SaeWeights weights = SaeReader.read(Fixtures.path("saes/residual-v6/blocks.2.hook_resid_pre"));
    try (Sae sae = weights.toSae()) {
      assertThat(sae.location().shortName()).isEqualTo("L2.resid_pre");
      assertThat(sae.features()).isEqualTo(160);
    }
  }

  @Test
  void refusesAGateWhoseScaleIsNoNumber() {
    float[] scales = {0, 200};
    assertThatThrownBy(
            () -> open(new SaeEncoder.Gated(new float[2], new float[2], scales), 3, 2).close())
        .isInstanceOf(ZlensException.class)
        .hasMessageContaining("'r_mag' of a gated SAE holds a value whose exponential is Infinity");
  }

  @Test
  void refusesAKOfMoreThanAllAndThresholdsOfAnotherLength() {
    assertThatThrownBy(() -> open(new SaeEncoder.TopK(3, false), 3, 2).close())
        .hasMessageContaining("k is 3 of 2 features");
    assertThatThrownBy(() -> open(new SaeEncoder.JumpRelu(new float[3]), 3, 2).close())
        .hasMessageContaining("threshold has 3 values for 2 features");
  }

  @Test
  void aRescaledFeatureWithoutADirectionIsSilent() {
    try (Scope scope = Scope.open();
        Sae sae =
            new Sae(
                Location.of(Site.RESID_PRE, 0),
                new SaeEncoder.TopK(2, true),
                false,
                Tensor.full(1, 2, 3),
                Tensor.zeros(3),
                Tensor.of(new float[] {0, 0, 3, 4, 0, 2}, 3, 2),
                Tensor.zeros(2))) {
      Tensor x = Tensor.of(new float[] {1, 1}, 1, 2);
      assertThat(sae.encode(x).floats()).containsExactly(0, 10, 4);
      assertThat(sae.reconstruct(x).floats()).containsExactly(6, 12);
    }
  }

  private static Sae open(SaeEncoder encoder, int width, int features) {
    try (Scope scope = Scope.open()) {
      return new Sae(
          Location.of(Site.RESID_PRE, 0),
          encoder,
          true,
          Tensor.zeros(width, features),
          Tensor.zeros(features),
          Tensor.zeros(features, width),
          Tensor.zeros(width));
    }
  }
}
