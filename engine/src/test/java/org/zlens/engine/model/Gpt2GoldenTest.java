package org.zlens.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.zlens.engine.TensorAssert.assertClose;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zlens.engine.Fixtures;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.io.Safetensors;
import org.zlens.engine.io.TensorFile;
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/** Every number that the usual Python tools give for the tiny GPT-2, hook by hook. */
class Gpt2GoldenTest {
  private static final double TOLERANCE = 1e-4;

  private static Transformer load(String folder, Set<WeightStep> steps) throws Exception {
    return ModelLoader.load(Fixtures.path("gpt2-tiny/" + folder).toString(), steps).transformer();
  }

  private static TensorFile goldens(String file) {
    return Safetensors.open(Fixtures.path("gpt2-tiny/" + file));
  }

  private static Tensor tokens() {
    try (TensorFile golden = goldens("golden.safetensors")) {
      return Tensor.of(golden.readLongs("tokens"), golden.info("tokens").shape());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hf", "hf-hub-names"})
  void logitsAndLossAreThoseOfHuggingFace(String folder) throws Exception {
    try (Scope scope = Scope.open();
        TensorFile golden = goldens("golden.safetensors");
        Weights weights = load(folder, EnumSet.noneOf(WeightStep.class)).weights()) {
      Transformer model = load(folder, EnumSet.noneOf(WeightStep.class));
      Tensor logits = model.forward(tokens(), Hooks.none()).logits();
      assertClose("logits", logits, golden, "hf_logits", TOLERANCE);
      Tensor losses = Kernels.call("next_token_losses", logits, tokens());
      assertClose("loss", losses, golden, "loss_per_token", TOLERANCE);
      model.weights().close();
    }
  }

  @Test
  void everyHookOfTheRawModel() throws Exception {
    compareHooks(EnumSet.noneOf(WeightStep.class), "activations_raw.safetensors");
  }

  @Test
  void everyHookOfTheProcessedModel() throws Exception {
    compareHooks(WeightStep.all(), "activations_processed.safetensors");
  }

  private static void compareHooks(Set<WeightStep> steps, String file) throws Exception {
    Transformer model = load("hf", steps);
    try (Scope scope = Scope.open();
        Weights weights = model.weights();
        TensorFile golden = goldens(file)) {
      Activations all = model.forward(tokens(), Hooks.none().captureAll(model.config()));
      assertThat(all.locations().stream().map(Location::canonical))
          .containsExactlyInAnyOrderElementsOf(golden.names());
      for (Location location : all.locations()) {
        String name = location.canonical();
        assertClose(name, all.get(location), golden, name, TOLERANCE);
      }
    }
  }

  @Test
  void hooksThatAreComputedOnDemand() throws Exception {
    Transformer model = load("hf", WeightStep.all());
    try (Scope scope = Scope.open();
        Weights weights = model.weights();
        TensorFile golden = goldens("activations_gated_processed.safetensors")) {
      Tensor firstRow = tokens().slice(0, 0, 1);
      for (String name : golden.names()) {
        Location location = Location.parse(name).orElseThrow();
        Activations run = model.forward(firstRow, Hooks.none().capture(location));
        assertClose(name, run.get(location), golden, name, TOLERANCE);
        assertClose(
            "logits",
            run.logits().floats(),
            model.forward(firstRow, Hooks.none()).logits().floats(),
            TOLERANCE);
      }
    }
  }

  @Test
  void processedWeights() throws Exception {
    Transformer model = load("hf", WeightStep.all());
    try (Scope scope = Scope.open();
        Weights weights = model.weights();
        TensorFile golden = goldens("weights_processed.safetensors");
        TensorFile shift = goldens("value_shift.safetensors")) {
      var named = weights.named(model.config());
      assertThat(named.keySet()).containsExactlyInAnyOrderElementsOf(golden.names());
      named.forEach((name, tensor) -> assertClose(name, tensor, golden, name, TOLERANCE));
    }
  }

  @Test
  void processedLogitsDifferFromRawOnesByAConstantOfThePosition() throws Exception {
    Transformer model = load("hf", WeightStep.all());
    try (Scope scope = Scope.open();
        Weights weights = model.weights();
        TensorFile golden = goldens("golden.safetensors")) {
      Activations run = model.forward(tokens(), Hooks.none().capture(Location.of(Site.Z, 1)));
      assertClose("logits", run.logits(), golden, "logits_processed", TOLERANCE);
    }
  }
}
