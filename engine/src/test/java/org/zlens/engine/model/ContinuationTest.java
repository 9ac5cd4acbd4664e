package org.zlens.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.zlens.engine.RandomModel;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Firing;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.intervene.Intervention;
import org.zlens.engine.intervene.SiteEdit;
import org.zlens.engine.intervene.SiteRule;
import org.zlens.engine.intervene.Standing;
import org.zlens.engine.intervene.Target;
import org.zlens.engine.intervene.Where;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/** A prompt that grows beside its cached keys predicts what whole passes predict. */
class ContinuationTest {
  private static final int CASES = 120;
  private static final int MOST = 12;
  private static final double TOLERANCE = 1e-4;

  @Test
  void itPredictsWhatWholePassesPredictUnderEditsAtAnySite() {
    for (int seed = 0; seed < CASES; seed++) {
      Random random = new Random(seed);
      int keyHeads = 1 + random.nextInt(2);
      ModelConfig config =
          new ModelConfig(
              1 + random.nextInt(3),
              10,
              keyHeads * (1 + random.nextInt(2)),
              keyHeads,
              4,
              14,
              MOST,
              17,
              random.nextBoolean() ? NormKind.LAYER_NORM : NormKind.LAYER_NORM_PRE,
              1e-5,
              ActivationKind.GELU);
      try (RandomModel holder = RandomModel.of(seed, config);
          Scope scope = Scope.open()) {
        grow(holder, random, edits(config, random), seed);
      }
    }
  }

  /** Up to two edits: everywhere, or at a position of the prompt alone. */
  private static List<Intervention> edits(ModelConfig config, Random random) {
    List<Intervention> edits = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      Location at = config.locations().get(random.nextInt(config.locations().size()));
      Where where = random.nextBoolean() ? Where.everywhere() : Where.all(random.nextInt(2));
      edits.add(new SiteEdit(Target.of(at), new SiteRule.Scale(1.4), where));
    }
    return edits;
  }

  private static void grow(RandomModel holder, Random random, List<Intervention> edits, int seed) {
    int[] ids = random.ints(MOST, 0, 17).toArray();
    int start = 2 + random.nextInt(4);
    double[] changed = new double[2];
    Standing whole = standing(holder, ids, start, edits, changed, 0);
    Standing windows = standing(holder, ids, start, edits, changed, 1);
    try (Continuation cached = new Continuation(windows.model(), MOST)) {
      for (int length = start; length <= MOST; length++) {
        Batch batch = windows.admit(batch(ids, length));
        Batch again = whole.admit(batch(ids, length));
        float[] expected =
            whole
                .model()
                .forward(again.tokens(), Hooks.none())
                .logits()
                .select(0, 0)
                .select(0, length - 1)
                .floats();
        assertThat(cached.next(batch.tokens(), edits(windows, batch)).floats())
            .as("seed %d, %d tokens, %s", seed, length, edits)
            .usingComparatorWithPrecision((float) TOLERANCE)
            .containsExactly(expected);
      }
    }
    assertThat(changed[1] > 0).as("seed %d", seed).isEqualTo(changed[0] > 0);
  }

  private static Batch batch(int[] ids, int length) {
    long[] some = Arrays.stream(ids).limit(length).asLongStream().toArray();
    return Batch.part(Tensor.of(some, 1, length), 0, new int[] {length});
  }

  private static Standing standing(
      RandomModel holder,
      int[] ids,
      int start,
      List<Intervention> edits,
      double[] changed,
      int number) {
    List<List<Intervention>> steps = edits.isEmpty() ? List.of() : List.of(edits);
    return new Standing(
        holder.model(), batch(ids, start), steps, (step, change) -> changed[number] += change);
  }

  private static Continuation.Edits edits(Standing standing, Batch batch) {
    return new Continuation.Edits() {
      @Override
      public List<Edit> at(Window window) {
        return standing
            .windowEdits(batch.window(window.rows(), window.first(), window.width()))
            .stream()
            .map(Standing.WindowEdit::edit)
            .toList();
      }

      @Override
      public void ran(List<Firing> firings) {
        firings.forEach(firing -> standing.ran(0, firing.change()));
      }
    };
  }
}
