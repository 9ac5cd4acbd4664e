package org.zlens.engine.intervene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.zlens.engine.TensorAssert.assertClose;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zlens.engine.RandomModel;
import org.zlens.engine.ZlensException;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/** Every rule at every site of random models against a number-by-number reference. */
class SiteEditTest {
  private static final int[] LENGTHS = {9, 7, 8};
  private static final int[] OTHER_LENGTHS = {10, 10, 8, 9};

  private static RandomModel model(String kind, int seed) {
    return switch (kind) {
      case "processed" -> RandomModel.processed(seed);
      case "grouped" -> RandomModel.grouped(seed);
      default -> RandomModel.raw(seed);
    };
  }

  /** A random model with prompts, other prompts, and a site with places and heads to edit. */
  private static final class Case {
    private final Random draw;
    private final RandomModel random;
    private final Batch batch;
    private final Batch other;
    private final Location location;
    private final List<int[]> places;
    private final List<Integer> heads;
    private final SlowSite clean;
    private final SlowSite there;
    private final Activations pass;
    private final Activations otherPass;

    Case(RandomModel random, int seed) {
      this.random = random;
      this.draw = new Random(seed);
      this.batch = new Batch(random.tokens(3, 9), LENGTHS);
      this.other = new Batch(random.tokens(4, 10), OTHER_LENGTHS);
      List<Location> all = random.model().config().locations();
      this.location = all.get(draw.nextInt(all.size()));
      this.places = draw.nextInt(3) == 0 ? everyPlace() : somePlaces();
      this.pass = random.model().forward(batch.tokens(), Hooks.none().capture(location));
      this.otherPass = random.model().forward(other.tokens(), Hooks.none().capture(location));
      this.clean = new SlowSite(location, pass);
      this.there = new SlowSite(location, otherPass);
      boolean some = Target.hasHeads(location.site()) && draw.nextBoolean();
      this.heads =
          !some
              ? List.of()
              : IntStream.range(0, clean.heads()).filter(h -> h % 2 == 0).boxed().toList();
    }

    private List<int[]> everyPlace() {
      return Arrays.stream(LENGTHS).mapToObj(n -> IntStream.range(0, n).toArray()).toList();
    }

    private List<int[]> somePlaces() {
      return Arrays.stream(LENGTHS)
          .mapToObj(
              n -> IntStream.range(0, n).filter(p -> draw.nextInt(3) == 0 || p == 5).toArray())
          .toList();
    }

    private boolean isScale() {
      return location.site().shortName().endsWith("scale");
    }

    private boolean isByQuery() {
      return Target.of(location).isByQuery();
    }

    void check(SiteRule rule, SlowSite.NewNumber number) {
      Where where = places.equals(everyPlace()) ? Where.everywhere() : Where.rows(places);
      SiteEdit edit = new SiteEdit(new Target(location, heads), rule, where);
      Tensor expected = clean.logits(random.model(), batch.tokens(), places, heads, number);
      Tensor actual =
          random
              .model()
              .forward(batch.tokens(), Hooks.none().edit(edit.edits(pass, batch)))
              .logits();
      for (int row = 0; row < LENGTHS.length; row++) {
        assertClose(
            edit.name() + " " + where + ", row " + row,
            actual.select(0, row).slice(0, 0, LENGTHS[row]).floats(),
            expected.select(0, row).slice(0, 0, LENGTHS[row]).floats(),
            1e-4);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"processed", "grouped", "raw"})
  void everyRuleEqualsItsDefinition(String kind) {
    try (RandomModel random = model(kind, 5)) {
      for (int seed = 0; seed < 60; seed++) {
        try (Scope scope = Scope.open()) {
          Case one = new Case(random, seed);
          arithmetic(one);
          means(one);
          others(one);
        }
      }
    }
  }

  private static void arithmetic(Case one) {
    double number = 0.5 + one.draw.nextDouble();
    one.check(new SiteRule.Constant(number), (row, p, head, i, old) -> number);
    one.check(new SiteRule.Scale(number + 1), (row, p, head, i, old) -> old * (number + 1));
    one.check(
        new SiteRule.Computed("x + 1", (x, mean) -> x.add(1), Optional.empty(), true),
        (row, p, head, i, old) -> old + 1);
    if (!one.isScale()) {
      one.check(new SiteRule.Zero(), (row, p, head, i, old) -> 0);
    }
    if (!one.isByQuery()) {
      float[] vector = one.random.normal(0.2, one.clean.width()).floats();
      for (int i = 0; i < vector.length; i++) {
        vector[i] = Math.abs(vector[i]);
      }
      one.check(new SiteRule.Add(vector, "v"), (row, p, head, i, old) -> old + vector[i]);
      float[] all = one.random.normal(0.2, one.clean.heads() * one.clean.width()).floats();
      if (!one.isScale()) {
        one.check(
            new SiteRule.Add(all, "v"),
            (row, p, head, i, old) -> old + all[head * one.clean.width() + i]);
      }
    }
  }

  private static void means(Case one) {
    int[] both = {0, 2};
    int[] second = {1};
    List<int[]> partners = List.of(both, second, both);
    if (!one.isByQuery()) {
      one.check(
          Replacement.mean(Counterparts.meanOfAll(partners, one.everyPlace())),
          (row, p, head, i, old) -> {
            double sum = 0;
            int count = 0;
            for (int other : partners.get(row)) {
              for (int q = 0; q < LENGTHS[other]; q++) {
                sum += one.clean.at(other, q, head, i);
                count++;
              }
            }
            return sum / count;
          });
    }
    int[] all = {0, 1, 2};
    PositionMap same = PositionMap.shifted(one.places, 0, LENGTHS);
    if (one.location.site() != Site.ATTN_SCORES) {
      one.check(
          Replacement.mean(Counterparts.mean(one.places, List.of(all, all, all), same)),
          (row, p, head, i, old) -> {
            int[] has = IntStream.range(0, 3).filter(o -> p < LENGTHS[o]).toArray();
            return Arrays.stream(has).mapToDouble(o -> one.clean.at(o, p, head, i)).sum()
                / has.length;
          });
    }
  }

  private static void others(Case one) {
    int[] partners = {3, 2, 0};
    int offset = one.isByQuery() ? 0 : 1;
    if (IntStream.range(0, 3)
        .allMatch(
            row ->
                Arrays.stream(one.places.get(row))
                    .allMatch(p -> p + offset < OTHER_LENGTHS[partners[row]]))) {
      PositionMap map = PositionMap.shifted(one.places, offset, OTHER_LENGTHS);
      Tensor source = one.otherPass.get(one.location);
      one.check(
          Replacement.patch(source, Counterparts.paired(one.places, partners, map)),
          (row, p, head, i, old) -> one.there.at(partners[row], p + offset, head, i));
    }
    if (!one.isByQuery() && one.location.site() != Site.POS_EMBED) {
      List<int[]> last = Arrays.stream(LENGTHS).mapToObj(n -> new int[] {n - 1}).toList();
      PositionMap map = PositionMap.named(last);
      List<int[]> places = last;
      int[] drawn = Counterparts.draw(places, map, null, one.draw.nextLong());
      for (int row = 0; row < 3; row++) {
        assertThat(drawn[row]).isNotEqualTo(row);
      }
      SiteEdit edit =
          new SiteEdit(
              new Target(one.location, one.heads),
              Replacement.resample(Counterparts.paired(places, drawn, map)),
              Where.rows(places));
      Tensor expected =
          one.clean.logits(
              one.random.model(),
              one.batch.tokens(),
              places,
              one.heads,
              (row, p, head, i, old) -> one.clean.at(drawn[row], LENGTHS[drawn[row]] - 1, head, i));
      Tensor actual =
          one.random
              .model()
              .forward(one.batch.tokens(), Hooks.none().edit(edit.edits(one.pass, one.batch)))
              .logits();
      assertClose(edit.name(), actual.floats(), expected.floats(), 1e-4);
    }
  }

  @Test
  void frozenPatternsAndNormsStayCleanWhileOthersAct() {
    try (RandomModel random = RandomModel.raw(3);
        Scope scope = Scope.open()) {
      Batch batch = new Batch(random.tokens(3, 9), LENGTHS);
      List<int[]> places =
          Arrays.stream(LENGTHS).mapToObj(n -> IntStream.range(0, n).toArray()).toList();
      List<Location> held =
          List.of(
              Location.of(Site.PATTERN, 2),
              Location.of(Site.LN1_SCALE, 2),
              Location.of(Site.LN2_SCALE, 1),
              Location.of(Site.FINAL_SCALE));
      Location[] sites = held.toArray(Location[]::new);
      Activations clean = random.model().forward(batch.tokens(), Hooks.none().capture(sites));
      List<Intervention> all = new ArrayList<>();
      for (Location location : held) {
        all.add(
            new SiteEdit(
                Target.of(location),
                Replacement.freeze(Counterparts.own(places)),
                Where.everywhere()));
      }
      all.add(SiteEdit.zero(Location.of(Site.MLP_OUT, 0), Where.each(2, 3, 4)));
      Hooks hooks = Hooks.none().capture(sites);
      for (Intervention one : all) {
        hooks = hooks.edit(one.edits(clean, batch));
      }
      Activations changed = random.model().forward(batch.tokens(), hooks);
      for (Location location : held) {
        for (int row = 0; row < 3; row++) {
          Tensor now = Target.of(location).byPlace(changed.get(location)).select(0, row);
          Tensor was = Target.of(location).byPlace(clean.get(location)).select(0, row);
          assertThat(now.slice(0, 0, LENGTHS[row]).floats())
              .isEqualTo(was.slice(0, 0, LENGTHS[row]).floats());
        }
      }
      assertThat(changed.logits().sub(clean.logits()).abs().max().item()).isGreaterThan(1e-3);
    }
  }

  @Test
  void partsOfTheSetTakeTheSameValues() {
    try (RandomModel random = RandomModel.processed(3);
        Scope scope = Scope.open()) {
      Batch batch = new Batch(random.tokens(3, 9), LENGTHS);
      Location site = Location.of(Site.ATTN_OUT, 1);
      Activations clean = random.model().forward(batch.tokens(), Hooks.none().capture(site));
      List<int[]> places = List.of(new int[] {4}, new int[] {6}, new int[] {2});
      Counterparts next =
          Counterparts.paired(places, new int[] {1, 2, 0}, PositionMap.named(places));
      SiteEdit edit = new SiteEdit(Target.of(site), Replacement.resample(next), Where.rows(places));
      Tensor whole =
          random
              .model()
              .forward(batch.tokens(), Hooks.none().edit(edit.edits(clean, batch)))
              .logits();
      Batch part = Batch.part(batch.tokens().slice(0, 1, 3), 1, LENGTHS);
      Tensor some =
          random
              .model()
              .forward(part.tokens(), Hooks.none().edit(edit.edits(clean, part)))
              .logits();
      assertClose("rows 1 and 2", some.floats(), whole.slice(0, 1, 3).floats(), 1e-5);
    }
  }

  @Test
  void whatHasNoCounterpartIsRefused() {
    List<int[]> places = List.of(new int[] {3}, new int[] {3});
    PositionMap beyond = PositionMap.shifted(places, 2, new int[] {9, 4});
    assertThatThrownBy(() -> Counterparts.paired(places, new int[] {0, 1}, beyond))
        .isInstanceOf(ZlensException.class)
        .hasMessage("prompt 1, from which prompt 1 takes values, has no position 5");
    assertThatThrownBy(() -> Counterparts.draw(places, beyond, List.of("a", "b"), 1))
        .hasMessage(
            "no other prompt of the kind 'a' has the places of prompt 0 to take values from");
    assertThatThrownBy(
            () -> Counterparts.mean(places, List.of(new int[] {1}, new int[] {1}), beyond))
        .hasMessage("no prompt has a position 5 to take the mean of");
  }
}
