package org.zlens.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.zlens.engine.TensorAssert.assertClose;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.io.Safetensors;
import org.zlens.engine.io.TensorFile;
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * What Hugging Face's own code computes from tiny models of the families that have no golden
 * elsewhere ({@code scripts/family-goldens.py} made them), configured as that library writes it and
 * as the published models are.
 */
class FamilyReferenceTest {
  private static final double TOLERANCE = 1e-4;

  private static Path folder(String family) throws Exception {
    return Path.of(FamilyReferenceTest.class.getResource("families/" + family).toURI());
  }

  private static Activations run(LanguageModel model, Tensor tokens) {
    ModelConfig config = model.config();
    Location[] kept =
        config.locations().stream()
            .filter(at -> at.site() == Site.RESID_PRE || at.site() == Site.PATTERN)
            .toArray(Location[]::new);
    return model.transformer().forward(tokens, Hooks.none().capture(kept));
  }

  private static Tensor tokens(TensorFile golden) {
    return Tensor.of(golden.readLongs("tokens"), golden.info("tokens").shape());
  }

  @ParameterizedTest
  @ValueSource(strings = {"neox", "neox-serial", "gemma2", "qwen2", "mistral", "llama3"})
  void logitsStreamsAndPatterns(String family) throws Exception {
    try (Scope scope = Scope.open();
        TensorFile golden = Safetensors.open(folder(family).resolve("golden.safetensors"));
        LanguageModel model = ModelLoader.load(folder(family).toString(), Set.of())) {
      Tensor tokens = tokens(golden);
      Activations all = run(model, tokens);
      assertClose("logits", all.logits(), golden, "logits", TOLERANCE);
      double loss = Kernels.call("next_token_losses", all.logits(), tokens).mean().item();
      assertThat(loss).isCloseTo(golden.floats("loss")[0], within(TOLERANCE));
      for (int layer = 0; layer < model.config().layers(); layer++) {
        String at = "." + layer;
        assertClose(
            "stream" + at, all.get(Site.RESID_PRE, layer), golden, "stream" + at, TOLERANCE);
        assertClose(
            "pattern" + at, all.get(Site.PATTERN, layer), golden, "pattern" + at, TOLERANCE);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"neox", "neox-serial", "gemma2", "qwen2", "mistral", "llama3"})
  void processedAndConfiguredAsPublished(String family, @TempDir Path published) throws Exception {
    Path own = folder(family);
    Files.copy(own.resolve("model.safetensors"), published.resolve("model.safetensors"));
    Files.copy(own.resolve("published.json"), published.resolve("config.json"));
    try (Scope scope = Scope.open();
        TensorFile golden = Safetensors.open(own.resolve("golden.safetensors"));
        LanguageModel raw = ModelLoader.load(own.toString(), Set.of());
        LanguageModel stated = ModelLoader.load(published.toString(), Set.of());
        LanguageModel model = ModelLoader.load(published.toString(), WeightStep.all())) {
      assertThat(stated.config()).isEqualTo(raw.config());
      Activations all = run(model, tokens(golden));
      Tensor expected = Tensor.of(golden.floats("logits"), golden.info("logits").shape());
      assertClose(
          "log probabilities",
          all.logits().logSoftmax(-1).floats(),
          expected.logSoftmax(-1).floats(),
          TOLERANCE);
      for (int layer = 0; layer < model.config().layers(); layer++) {
        String at = "pattern." + layer;
        assertClose(at, all.get(Site.PATTERN, layer), golden, at, TOLERANCE);
      }
    }
  }
}
