package org.zlens.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.zlens.engine.RandomModel;
import org.zlens.engine.ZlensException;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;

/** Removals that share passes leave what a whole pass for each of them leaves. */
class PlannedRemovalsTest {
  private static final int CASES = 250;
  private static final double TOLERANCE = 1e-4;

  @Test
  void sharedPassesGiveWhatWholeOnesGive() {
    int compared = 0;
    for (int seed = 0; seed < CASES; seed++) {
      try (Scope scope = Scope.open();
          RandomCase one = new RandomCase(seed)) {
        Random random = new Random(seed);
        ModelConfig config = one.model().config();
        List<Removal> each = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(12); i++) {
          each.add(removal(one, random));
        }
        Activations clean = clean(one, each);
        long row = new ModelCost(config, one.batch().positions()).working(12);
        long budget = random.nextBoolean() ? Long.MAX_VALUE / 4 : 3 * row;
        float[][][] found = new float[each.size()][][];
        new PlannedRemovals(one.model(), one.batch(), clean, each, budget)
            .run(Progress.NONE, (removal, vectors) -> found[removal] = vectors);
        for (int i = 0; i < found.length; i++) {
          float[][] plain = PlainRemoval.vectors(one.model(), one.batch(), each.get(i));
          for (int read = 0; read < plain.length; read++) {
            assertThat(found[i][read])
                .as("case %d, %s, read %d, %s", seed, each.get(i), read, one)
                .usingComparatorWithPrecision((float) TOLERANCE)
                .containsExactly(plain[read]);
            compared++;
          }
        }
      }
    }
    assertThat(compared).isGreaterThan(2 * CASES);
  }

  private static Removal removal(RandomCase one, Random random) {
    ModelConfig config = one.model().config();
    List<Location> all =
        config.locations().stream()
            .filter(at -> at.site().vectorWidth(config) > 0 && !at.site().onDemand())
            // Edits in force of the inputs of single heads take its place.
            .filter(at -> at.site() != Site.LN1_NORMALIZED)
            .toList();
    Location at = all.get(random.nextInt(all.size() - 1));
    List<Location> later = all.stream().filter(other -> Removal.isBefore(at, other)).toList();
    int row = random.nextInt(one.batch().rows());
    int length = one.batch().lengths()[row];
    int position = random.nextInt(length);
    float[] vector = new float[at.site().vectorWidth(config)];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    List<Removal.Read> reads = new ArrayList<>();
    for (int i = 0; i < 1 + random.nextInt(3); i++) {
      Location read = later.get(random.nextInt(later.size()));
      reads.add(new Removal.Read(read, position + random.nextInt(length - position)));
    }
    return new Removal(at, row, position, vector, reads);
  }

  private static Activations clean(RandomCase one, List<Removal> each) {
    int layers = one.model().config().layers();
    Set<Location> needs = new LinkedHashSet<>();
    each.forEach(
        r -> needs.addAll(PlannedRemovals.needs(r.location(), layers, one.model().config())));
    Hooks hooks = Hooks.none().capture(needs.toArray(Location[]::new)).withoutLogits();
    return one.model().forward(one.batch().tokens(), hooks);
  }

  @Test
  void whatIsReadEarlierIsRefusedAndSoIsTooLittleMemory() {
    Location z = Location.of(Site.Z, 1);
    Location before = Location.of(Site.RESID_PRE, 1);
    float[] vector = new float[24];
    assertThatThrownBy(() -> new Removal(z, 0, 3, vector, List.of(new Removal.Read(before, 3))))
        .isInstanceOf(IllegalArgumentException.class);
    Location after = Location.of(Site.RESID_PRE, 2);
    assertThatThrownBy(() -> new Removal(z, 0, 3, vector, List.of(new Removal.Read(after, 2))))
        .isInstanceOf(IllegalArgumentException.class);
    vector[0] = 1;
    Removal one = new Removal(z, 0, 3, vector, List.of(new Removal.Read(after, 4)));
    try (RandomModel random = RandomModel.processed(1);
        Scope scope = Scope.open()) {
      Batch batch = Batch.of(random.tokens(1, 6));
      PlannedRemovals removals =
          new PlannedRemovals(random.model(), batch, Activations.of(Map.of()), List.of(one), 100);
      assertThatThrownBy(() -> removals.run(Progress.NONE, (removal, vectors) -> {}))
          .isInstanceOf(ZlensException.class)
          .hasMessageStartingWith("a removal that is followed over 2 tokens needs");
    }
  }
}
