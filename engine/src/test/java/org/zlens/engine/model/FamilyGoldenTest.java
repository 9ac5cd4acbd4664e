package org.zlens.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.zlens.engine.TensorAssert.assertClose;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.zlens.engine.Fixtures;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.io.Safetensors;
import org.zlens.engine.io.TensorFile;
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/** What the usual Python tools give for a tiny GELU-2L, Gemma and Llama, hook by hook. */
class FamilyGoldenTest {
  private static final double TOLERANCE = 1e-4;
  private static final Set<WeightStep> RAW = EnumSet.noneOf(WeightStep.class);

  private static LanguageModel load(String folder, Set<WeightStep> steps) {
    return ModelLoader.load(Fixtures.path(folder).toString(), steps);
  }

  private static TensorFile golden(String family, String file) {
    return Safetensors.open(Fixtures.path(family + "/" + file + ".safetensors"));
  }

  private static Tensor tokens(String family) {
    try (TensorFile golden = golden(family, "golden")) {
      return Tensor.of(golden.readLongs("tokens"), golden.info("tokens").shape());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "gelu2l-tiny, gelu2l-tiny, logits_raw",
    "gemma-tiny, gemma-tiny/hf, hf_logits",
    "gemma-tiny, gemma-tiny/hf-sharded, hf_logits",
    "llama-tiny, llama-tiny/hf, hf_logits"
  })
  void logitsAndLoss(String family, String folder, String name) throws Exception {
    try (Scope scope = Scope.open();
        TensorFile golden = golden(family, "golden");
        LanguageModel model = load(folder, RAW)) {
      Tensor tokens = tokens(family);
      Tensor logits = model.transformer().forward(tokens, Hooks.none()).logits();
      assertClose("logits", logits, golden, name, TOLERANCE);
      Tensor losses = Kernels.call("next_token_losses", logits, tokens);
      assertClose("loss", losses, golden, "loss_per_token", TOLERANCE);
      double stated =
          new ObjectMapper()
              .readTree(Fixtures.path(family + "/golden.json").toFile())
              .path("mean_loss_raw")
              .asDouble();
      assertThat(losses.mean().item()).isCloseTo(stated, within(TOLERANCE));
    }
  }

  @Test
  void weightsInHalfPrecision() {
    try (Scope scope = Scope.open();
        TensorFile golden = golden("gemma-tiny", "golden_variants");
        LanguageModel model = load("gemma-tiny/hf-bf16", RAW)) {
      Tensor logits = model.transformer().forward(tokens("gemma-tiny"), Hooks.none()).logits();
      String name = "logits_bf16_weights_fp32_arithmetic";
      assertClose("logits", logits, golden, name, TOLERANCE);
    }
  }

  @ParameterizedTest
  @CsvSource({"gelu2l-tiny, gelu2l-tiny", "gemma-tiny, gemma-tiny/hf", "llama-tiny, llama-tiny/hf"})
  void everyHook(String family, String folder) {
    hooks(family, folder, RAW, "activations_raw");
    hooks(family, folder, WeightStep.all(), "activations_processed");
  }

  private static void hooks(String family, String folder, Set<WeightStep> steps, String file) {
    try (Scope scope = Scope.open();
        TensorFile golden = golden(family, file);
        LanguageModel model = load(folder, steps)) {
      Hooks hooks = Hooks.none().captureAll(model.config());
      Activations all = model.transformer().forward(tokens(family), hooks);
      assertThat(all.locations().stream().map(Location::canonical))
          .containsExactlyInAnyOrderElementsOf(golden.names());
      for (Location location : all.locations()) {
        String name = location.canonical();
        assertClose(family + " " + name, all.get(location), golden, name, TOLERANCE);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"gelu2l-tiny, gelu2l-tiny", "gemma-tiny, gemma-tiny/hf", "llama-tiny, llama-tiny/hf"})
  void everyWeight(String family, String folder) {
    weights(family, folder, RAW, "weights_raw");
    weights(family, folder, WeightStep.all(), "weights_processed");
  }

  private static void weights(String family, String folder, Set<WeightStep> steps, String file) {
    try (Scope scope = Scope.open();
        TensorFile golden = golden(family, file);
        LanguageModel model = load(folder, steps)) {
      var named = model.transformer().weights().named(model.config());
      // TransformerLens has no such bias; here it is zero.
      named.keySet().removeIf(name -> name.endsWith("b_gate"));
      assertThat(named.keySet()).containsExactlyInAnyOrderElementsOf(golden.names());
      named.forEach((name, tensor) -> assertClose(name, tensor, golden, name, TOLERANCE));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gelu2l-tiny", "gemma-tiny/hf", "llama-tiny/hf"})
  void processedLogits(String folder) {
    String family = folder.split("/")[0];
    try (Scope scope = Scope.open();
        TensorFile golden = golden(family, "golden");
        LanguageModel model = load(folder, WeightStep.all())) {
      Tensor logits = model.transformer().forward(tokens(family), Hooks.none()).logits();
      assertClose("logits", logits, golden, "logits_processed", TOLERANCE);
    }
  }
}
