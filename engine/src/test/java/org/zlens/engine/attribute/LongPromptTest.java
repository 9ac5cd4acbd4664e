package org.zlens.engine.attribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.zlens.engine.RandomModel;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.model.ActivationKind;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.NormKind;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/** A prompt of 1,024 tokens is followed in memory that grows with its length, not its square. */
class LongPromptTest {
  private static final int LONG = 1024;

  private static RandomModel model() {
    return RandomModel.of(
            3,
            new ModelConfig(
                2,
                20,
                4,
                2,
                6,
                32,
                LONG,
                50,
                NormKind.LAYER_NORM_PRE,
                1e-5,
                ActivationKind.GELU_TANH))
        .withSaes(30);
  }

  private static long values(CleanRun run) {
    long count = 0;
    for (Location location : run.activations().locations()) {
      Tensor tensor = run.activations().get(location);
      long size = 1;
      for (long axis : tensor.shape()) {
        size *= axis;
      }
      count += size;
    }
    return count;
  }

  @Test
  void whatARunKeepsGrowsWithTheLengthOfThePrompt() {
    try (RandomModel random = model();
        Scope scope = Scope.open()) {
      Tensor tokens = random.tokens(1, LONG);
      long half = values(CleanRun.of(random.saes(), tokens.slice(1, 0, LONG / 2)));
      long whole = values(CleanRun.of(random.saes(), tokens));
      assertThat(whole).isEqualTo(2 * half);
    }
  }

  @Test
  void patternsFollowFromQueriesAndKeys() {
    try (RandomModel random = model();
        Scope scope = Scope.open()) {
      Tensor tokens = random.tokens(2, 40);
      CleanRun run = CleanRun.of(random.saes(), tokens);
      for (int layer = 0; layer < 2; layer++) {
        Location at = Location.of(Site.PATTERN, layer);
        Activations pass = random.model().forward(tokens, Hooks.none().capture(at));
        float[] expected = pass.get(at).floats();
        assertThat(run.patterns(layer).floats()).containsExactly(expected, offset(1e-6f));
        float[] row = run.pattern(layer, 1, 17).floats();
        for (int head = 0; head < 4; head++) {
          for (int source = 0; source <= 17; source++) {
            float weight = expected[((4 + head) * 40 + 17) * 40 + source];
            assertThat(row[head * 18 + source]).isCloseTo(weight, offset(1e-6f));
          }
        }
      }
    }
  }

  @Test
  void aTreeOfALongPromptAddsUp() {
    try (RandomModel random = model();
        Scope scope = Scope.open()) {
      CleanRun run = CleanRun.of(random.saes(), random.tokens(1, LONG));
      AttributionTree tree =
          AttributionTree.of(
              run,
              new TreeRoot.Logit(3, OptionalInt.of(11)),
              0,
              LONG - 1,
              TreeOptions.of(3, 2, 0.01),
              Progress.NONE);
      adds(tree.root());
      assertThat(tree.root().splits()).isNotEmpty();
    }
  }

  private static void adds(Explained one) {
    for (Explained.Split split : one.splits()) {
      double sum = 0;
      double size = 1;
      for (Contribution row : split.parts().rows()) {
        sum += row.contribution();
        size += Math.abs(row.contribution());
      }
      assertThat(sum).isCloseTo(one.total(), offset(1e-4 * size));
      split.followed().forEach(LongPromptTest::adds);
    }
  }
}
