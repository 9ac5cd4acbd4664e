package org.zlens.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.zlens.engine.TensorAssert.assertClose;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zlens.engine.Fixtures;
import org.zlens.engine.io.Safetensors;
import org.zlens.engine.io.TensorFile;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/** Traces of the authors' training loop, step by step. */
class SaeTrainerTest {
  private static final int BATCH = 256;
  private static final String[] NAMES = {"W_enc", "W_dec", "b_enc", "b_dec"};

  private static TensorFile open(String name) {
    return Safetensors.open(Fixtures.path("training/" + name + ".safetensors"));
  }

  private static Tensor read(TensorFile file, String name) {
    return Tensor.of(file.floats(name), file.info(name).shape());
  }

  private static List<Tensor> parameters(TensorFile file) {
    List<Tensor> all = new ArrayList<>();
    for (String name : NAMES) {
      all.add(read(file, name));
    }
    return all;
  }

  private static SaeRecipe recipe(double beta1, double beta2, int warmUp) {
    return new SaeRecipe(
        96,
        new SaeObjective.Lasso(0.3),
        new WarmUp(1.2e-3, warmUp),
        beta1,
        beta2,
        0,
        BATCH,
        new Resampling(100, 4, 100, 1e-6, 16),
        49);
  }

  private static JsonNode json(String name) throws Exception {
    return new ObjectMapper().readTree(Fixtures.path("training/" + name).toFile());
  }

  @ParameterizedTest
  @ValueSource(strings = {"bricken_b0_b9999", "bricken_b9_b99", "bricken_b9_b99_warm20"})
  void fiftySteps(String name) throws Exception {
    JsonNode run = null;
    for (JsonNode candidate : json("bricken.json").path("runs")) {
      if (candidate.path("name").asText().equals(name)) {
        run = candidate;
      }
    }
    SaeRecipe recipe =
        recipe(
            run.path("betas").get(0).asDouble(),
            run.path("betas").get(1).asDouble(),
            run.path("warm_up_steps").asInt());
    try (Scope scope = Scope.open();
        TensorFile data = open("data");
        TensorFile init = open("bricken_init");
        TensorFile golden = open(name);
        SaeTrainer trainer = new SaeTrainer(recipe, parameters(init), 1)) {
      Tensor x = read(data, "x");
      if (golden.names().contains("after_step_1.W_dec")) {
        try (SaeTrainer once = new SaeTrainer(recipe, parameters(init), 1)) {
          once.step(x.slice(0, 0, BATCH));
          compare(once, golden, "after_step_1.");
        }
      }
      follow(trainer, x, run.path("steps"), 0);
      compare(trainer, golden, "");
      if (golden.names().contains("W_dec.exp_avg")) {
        compareMoments(trainer, golden, "");
      }
    }
  }

  @Test
  void resampling() throws Exception {
    JsonNode run = json("resample.json");
    try (Scope scope = Scope.open();
        TensorFile data = open("data");
        TensorFile init = open("bricken_init");
        TensorFile golden = open("resample")) {
      List<Tensor> start = parameters(init);
      start.set(2, read(golden, "init.b_enc"));
      try (SaeTrainer trainer = new SaeTrainer(recipe(0.9, 0.99, 20), start, 1)) {
        Tensor x = read(data, "x");
        follow(trainer, x, run.path("steps_before"), 0);
        compare(trainer, golden, "before.");
        int[] dead = ints(run.path("dead"));
        assertThat(trainer.deadFeatures()).containsExactly(dead);
        double[] losses = trainer.losses(x);
        float[] expected = golden.floats("per_vector_loss");
        for (int i = 0; i < losses.length; i++) {
          assertThat(losses[i]).isCloseTo(expected[i], within(1e-3));
        }
        trainer.replace(dead, x, ints(run.path("sampled_rows")));
        trainer.restartWarmUp();
        compare(trainer, golden, "after.");
        compareMoments(trainer, golden, "after.");
        follow(trainer, x, run.path("steps_after"), 10);
        compare(trainer, golden, "ten_steps_later.");
      }
    }
  }

  /** The vectors that replace dead features are those that are reconstructed badly. */
  @Test
  void drawsBadlyReconstructedVectors() {
    try (Scope scope = Scope.open();
        TensorFile init = open("bricken_init")) {
      List<Tensor> start = parameters(init);
      start.set(2, Tensor.full(-1000, 96));
      try (SaeTrainer trainer = new SaeTrainer(recipe(0.9, 0.99, 20), start, 1)) {
        float[] values = new float[200 * 48];
        for (int row = 0; row < 200; row++) {
          values[row * 48 + row % 48] = row < 96 ? 10 : 0.01f;
        }
        Tensor x = Tensor.of(values, 200, 48);
        trainer.step(x);
        assertThat(trainer.resample(List.of(x))).isEqualTo(96);
        // All 96 features now read one of the 96 large vectors, so no large vector is dark.
        Tensor large = x.slice(0, 0, 96);
        double before = x.mul(x).sum(1L).select(0, 0).item();
        assertThat(before).isEqualTo(100, within(1e-3));
        Tensor best = large.matmul(trainer.wEnc()).max();
        assertThat(best.item()).isGreaterThan(1);
        for (int row = 0; row < 96; row++) {
          double reads = large.select(0, row).matmul(trainer.wEnc()).max().item();
          assertThat(reads).as("vector %d", row).isGreaterThan(1);
        }
      }
    }
  }

  /** Olah et al., April 2024. */
  @Test
  void april() throws Exception {
    JsonNode run = json("april.json");
    SaeRecipe recipe =
        new SaeRecipe(
            96,
            new SaeObjective.DecoderLasso(
                run.path("lambda_final").asDouble(), run.path("l1_warm_up_steps").asLong()),
            new LinearFall(run.path("lr").asDouble(), 0, run.path("lr_decay_steps").asLong(), 50),
            0.9,
            0.999,
            run.path("clip_grad_norm").asDouble(),
            BATCH,
            Resampling.NONE,
            49);
    try (Scope scope = Scope.open();
        TensorFile data = open("data");
        TensorFile init = open("april_init");
        TensorFile golden = open("april")) {
      Tensor x = read(data, "x");
      SaeStart start = SaeStart.of(x);
      assertThat(start.scale()).isCloseTo(run.path("input_scale").asDouble(), within(1e-4));
      double scale = run.path("input_scale").asDouble();
      try (SaeTrainer trainer = new SaeTrainer(recipe, parameters(init), scale)) {
        follow(trainer, x, run.path("steps"), 0);
        compare(trainer, golden, "");
      }
    }
  }

  private static int[] ints(JsonNode list) {
    int[] values = new int[list.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = list.get(i).asInt();
    }
    return values;
  }

  private static void follow(SaeTrainer trainer, Tensor x, JsonNode steps, int from) {
    for (int i = 0; i < steps.size(); i++) {
      int at = (from + i) % (int) (x.size(0) / BATCH);
      Tensor batch = x.slice(0, (long) at * BATCH, (at + 1L) * BATCH);
      SaeTrainer.Progress seen = trainer.step(batch);
      JsonNode expected = steps.get(i);
      assertThat(seen.loss()).isCloseTo(expected.path("loss").asDouble(), within(1e-3));
      assertThat(seen.error()).isCloseTo(expected.path("l2").asDouble(), within(1e-3));
      assertThat(seen.activeFeatures()).isCloseTo(expected.path("l0").asDouble(), within(1e-3));
      assertThat(seen.rate()).isCloseTo(expected.path("lr").asDouble(), within(1e-12));
    }
  }

  private static void compare(SaeTrainer trainer, TensorFile golden, String prefix) {
    assertClose("W_enc", trainer.wEnc(), golden, prefix + "W_enc", 1e-4);
    assertClose("W_dec", trainer.wDec(), golden, prefix + "W_dec", 1e-4);
    assertClose("b_enc", trainer.bEnc(), golden, prefix + "b_enc", 1e-4);
    assertClose("b_dec", trainer.bDec(), golden, prefix + "b_dec", 1e-4);
  }

  private static void compareMoments(SaeTrainer trainer, TensorFile golden, String prefix) {
    for (int i = 0; i < 4; i++) {
      String name = prefix + NAMES[i];
      Tensor mean = trainer.moments().get(i);
      Tensor squares = trainer.moments().get(4 + i);
      assertClose(name, mean, golden, name + ".exp_avg", 1e-4);
      assertClose(name, squares, golden, name + ".exp_avg_sq", 1e-4);
    }
  }
}
