package org.zlens.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.zlens.engine.RandomModel;
import org.zlens.engine.ZlensException;
import org.zlens.engine.hook.Firing;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.intervene.Experiment;
import org.zlens.engine.intervene.Intervention;
import org.zlens.engine.intervene.Metric;
import org.zlens.engine.intervene.Outcome;
import org.zlens.engine.intervene.SiteEdit;
import org.zlens.engine.intervene.SiteRule;
import org.zlens.engine.intervene.Standing;
import org.zlens.engine.intervene.Target;
import org.zlens.engine.intervene.Where;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/** The least work gives what a pass for each intervention gives. */
class PlannedSweepTest {
  private static final int CASES = 1_000;
  private static final double TOLERANCE = 1e-4;

  /** What a sweep came to: effects, or the message of an error. */
  private record Result(List<double[]> effects, String error) {
    static Result of(Callable<List<double[]>> sweep) throws Exception {
      try {
        return new Result(sweep.call(), null);
      } catch (ZlensException | IllegalArgumentException e) {
        return new Result(List.of(), e.getMessage());
      }
    }
  }

  @Test
  void plannedSweepsAreThePlainOnes() throws Exception {
    int failing = 0;
    int alone = 0;
    int broken = 0;
    long pairs = 0;
    long tried = 0;
    for (int seed = 0; seed < CASES; seed++) {
      try (Scope scope = Scope.open();
          RandomCase one = new RandomCase(seed)) {
        Result plain =
            Result.of(() -> PlainSweep.effects(one.model(), one.batch(), one.metric(), one.each()));
        Plan[] plan = new Plan[1];
        int[] fell = {0, 0};
        Result planned = Result.of(() -> planned(one, plan, fell));
        if (plain.error() != null) {
          failing++;
          // Of several that fail, any may be told first.
          if (one.each().size() == 1) {
            assertThat(planned.error()).as("case %d", seed).isEqualTo(plain.error());
          } else {
            assertThat(planned.error()).as("case %d: %s", seed, plain.error()).isNotNull();
          }
          continue;
        }
        assertThat(planned.error()).as("case %d: %s", seed, one).isNull();
        pairs += plan[0].pairs();
        tried += plan[0].tried();
        alone += fell[0];
        broken += fell[1];
        for (int i = 0; i < plain.effects().size(); i++) {
          assertThat(planned.effects().get(i))
              .as("case %d, intervention %d: %s", seed, i, one)
              .usingComparatorWithPrecision(TOLERANCE)
              .containsExactly(plain.effects().get(i));
        }
      }
    }
    assertThat(failing).isBetween(CASES / 50, CASES / 2);
    assertThat(alone).as("passes that did not go as planned").isLessThan(CASES / 20);
    assertThat(broken).as("shared passes that went wrong").isLessThan(CASES / 50);
    assertThat(tried).isBetween(pairs / 2, pairs - 1);
  }

  /** A single experiment by the least work tells what one in whole passes tells. */
  @Test
  void measuredExperimentsAreThePlainOnes() {
    int failing = 0;
    for (int seed = CASES; seed < CASES + CASES / 2; seed++) {
      try (Scope scope = Scope.open();
          RandomCase one = new RandomCase(seed)) {
        Outcome plain;
        try {
          plain = Experiment.measure(one.model(), one.batch(), one.metric(), one.each());
        } catch (ZlensException | IllegalArgumentException e) {
          failing++;
          // Of several that fail, any may be told first.
          String told = catchThrowable(() -> measured(one)).getMessage();
          assertThat(told).as("case %d", seed).isNotNull();
          assertThat(one.isSingle()).as("case %d", seed).isIn(false, told.equals(e.getMessage()));
          continue;
        }
        Outcome planned = measured(one);
        String which = "case " + seed + ": " + one;
        assertThat(planned.name()).isEqualTo(plain.name());
        assertThat(planned.clean())
            .as(which)
            .usingComparatorWithPrecision(TOLERANCE)
            .containsExactly(plain.clean());
        assertThat(planned.changed())
            .as(which)
            .usingComparatorWithPrecision(TOLERANCE)
            .containsExactly(plain.changed());
        assertSame(planned, plain, which);
      }
    }
    assertThat(failing).isBetween(CASES / 100, CASES / 4);
  }

  /** Where attention and MLP stand side by side there is no stream between them. */
  @Test
  void aSiteThatAModelLacksIsNamed() {
    try (Scope scope = Scope.open();
        RandomModel model = RandomModel.neox(1)) {
      Batch batch = Batch.of(Tensor.ofRows(new int[][] {{1, 2, 3}, {4, 5, 6}}));
      Location between = Location.of(Site.RESID_MID, 0);
      List<Intervention> each = List.of(SiteEdit.zero(between, Where.everywhere()));
      PlannedSweep sweep =
          new PlannedSweep(
              model.model(), batch, new Metric.NextTokenLoss(), each, Long.MAX_VALUE / 4);
      assertThatThrownBy(() -> sweep.run(() -> {}, (number, found, change) -> {}))
          .isInstanceOf(ZlensException.class)
          .hasMessage("this model has no site 'L0.resid_mid'");
    }
  }

  /** An edit in force whose numbers the layers after it cannot go on with ends every pass. */
  @Test
  void editsThatLeaveNoNumbersAreNamed() {
    try (Scope scope = Scope.open();
        RandomModel model = RandomModel.processed(1)) {
      Batch batch = Batch.of(Tensor.ofRows(new int[][] {{1, 2, 3}, {4, 5, 6}}));
      SiteRule rule = new SiteRule.Constant(3e38);
      Intervention huge =
          new SiteEdit(Target.of(Location.of(Site.RESID_PRE, 1)), rule, Where.everywhere());
      Transformer edited =
          new Standing(model.model(), batch, List.of(List.of(huge)), (step, change) -> {}).model();
      assertThatThrownBy(() -> edited.forward(batch.tokens(), Hooks.none()))
          .isInstanceOf(ZlensException.class)
          .hasMessageEndingWith("the model computes values that are not finite");
    }
  }

  private static Outcome measured(RandomCase one) {
    return PlannedSweep.measure(
        one.model(), one.batch(), one.metric(), one.each(), Long.MAX_VALUE / 4);
  }

  /** Edits and what they changed; a whole pass counts a place that differs by rounding alone. */
  private static void assertSame(Outcome planned, Outcome plain, String which) {
    List<Firing> expected = new ArrayList<>(plain.firings());
    assertThat(planned.firings()).as(which).hasSameSizeAs(expected);
    for (Firing one : planned.firings()) {
      assertThat(expected)
          .as(which)
          .anySatisfy(
              other -> {
                assertThat(one.edit().name()).isEqualTo(other.edit().name());
                assertThat(one.claimed()).isEqualTo(other.claimed());
                assertThat(one.change()).isCloseTo(other.change(), within(TOLERANCE));
                assertThat(one.places()).isLessThanOrEqualTo(other.places());
                assertThat(one.places() > 0 || other.change() < TOLERANCE).isTrue();
              });
    }
  }

  private static List<double[]> planned(RandomCase one, Plan[] plan, int[] alone) {
    List<? extends Intervention> each = one.each();
    long budget = one.isTight() ? least(one) : Long.MAX_VALUE / 4;
    PlannedSweep sweep = new PlannedSweep(one.model(), one.batch(), one.metric(), each, budget);
    List<double[]> effects = new ArrayList<>();
    each.forEach(intervention -> effects.add(null));
    plan[0] = sweep.run(() -> {}, (number, found, change) -> effects.set(number, found));
    if (plan[0].plainly().isEmpty()) {
      assertThat(plan[0].bytes()).as("memory of %s", one).isLessThanOrEqualTo(budget);
    }
    alone[0] = sweep.unplanned();
    alone[1] = sweep.broken();
    return effects;
  }

  /** The least that a budget can be. */
  private static long least(RandomCase one) {
    long least = 1;
    while (true) {
      try {
        new PlannedSweep(one.model(), one.batch(), one.metric(), one.each(), least);
        return least;
      } catch (ZlensException e) {
        if (!e.getMessage().contains("of memory")) {
          throw e;
        }
        least += 1 + least / 4;
      }
    }
  }
}
