package org.zlens.engine.attribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.zlens.engine.attribute.Explained.Split;
import org.zlens.engine.attribute.Explained.Way;
import org.zlens.engine.attribute.MeanTree.Root;
import org.zlens.engine.attribute.TreeOptions.Via;
import org.zlens.engine.data.Alignment;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;

/** The mean of trees adds up, and is the plain average where nothing is left out. */
class MeanTreeTest {
  private static final double SAME = 1e-4;
  private static final int PROMPTS = 2;

  /** Places that are not in the order of the positions, so that nothing is right by chance. */
  private static Alignment shuffled(Random random) {
    List<int[]> places = new ArrayList<>();
    for (int prompt = 0; prompt < PROMPTS; prompt++) {
      int[] own = IntStream.range(0, RandomRun.POSITIONS).toArray();
      if (prompt > 0) {
        // Swapped are two places; another is in one prompt alone.
        int some = random.nextInt(RandomRun.POSITIONS - 1);
        own[some] = some + 1;
        own[some + 1] = some;
        int alone = random.nextInt(RandomRun.POSITIONS);
        own[alone] = RandomRun.POSITIONS;
      }
      places.add(own);
    }
    return new Alignment(
        IntStream.rangeClosed(0, RandomRun.POSITIONS).mapToObj(i -> "P" + i).toList(), places);
  }

  private static List<TreeRoot> roots(RandomRun some) {
    TreeRoot.Logit logit = new TreeRoot.Logit(3, OptionalInt.of(11));
    int last = some.config().layers() - 1;
    List<TreeRoot> roots = new ArrayList<>();
    roots.add(logit);
    roots.add(new TreeRoot.Head(last, 0, Optional.of(logit)));
    CleanRun run = some.run();
    int end = RandomRun.POSITIONS - 1;
    for (int feature = 0; feature < RandomRun.FEATURES; feature++) {
      TreeRoot root = new TreeRoot.AttentionFeature(last, feature);
      if (AttributionTree.value(run, root, 0, end) > 0
          && AttributionTree.value(run, root, 1, end) > 0) {
        roots.add(root);
        break;
      }
    }
    return roots;
  }

  private static TreeOptions options(Random random, int width, double threshold) {
    TreeOptions options =
        TreeOptions.of(width, 1 + random.nextInt(2), threshold)
            .via(Via.values()[random.nextInt(3)]);
    options = random.nextBoolean() ? options.byHead() : options;
    options = random.nextInt(3) == 0 ? options.throughMlps() : options;
    return options;
  }

  private static MeanTree mean(
      CleanRun run, TreeRoot root, int prompts, Alignment places, TreeOptions options) {
    List<Root> roots = new ArrayList<>();
    for (int prompt = 0; prompt < prompts; prompt++) {
      roots.add(new Root(root, prompt, RandomRun.POSITIONS - 1));
    }
    return MeanTree.of(run, roots, "HERE", places, options, Progress.NONE);
  }

  private static void walk(Explained one, Consumer<Explained> visitor) {
    visitor.accept(one);
    one.splits().forEach(split -> split.followed().forEach(part -> walk(part, visitor)));
  }

  @Property(tries = 15)
  void meansOfRowsSumToMeansOfTotals(@ForAll @LongRange(min = 0, max = 1 << 20) long seed) {
    try (Scope scope = Scope.open();
        RandomRun some = new RandomRun(seed)) {
      for (TreeRoot root : roots(some)) {
        TreeOptions options = options(some.random(), 3, 0.01);
        MeanTree mean = mean(some.run(), root, PROMPTS, shuffled(some.random()), options);
        double total = 0;
        for (int prompt = 0; prompt < PROMPTS; prompt++) {
          total +=
              AttributionTree.of(
                          some.run(), root, prompt, RandomRun.POSITIONS - 1, options, Progress.NONE)
                      .root()
                      .total()
                  / PROMPTS;
        }
        Explained top = mean.tree().root();
        assertThat(top.total()).isCloseTo(total, offset(SAME * Math.max(1, Math.abs(total))));
        assertThat(top.row().share()).isEqualTo(1);
        walk(
            top,
            one -> {
              MeanTree.Spread spread = mean.spreads().get(one.row());
              assertThat(spread.prompts()).isBetween(1, PROMPTS);
              for (Split split : one.splits()) {
                double sum = 0;
                double size = 1;
                double shares = 0;
                for (Contribution row : split.parts().rows()) {
                  sum += row.contribution();
                  size += Math.abs(row.contribution());
                  shares += row.share();
                }
                assertThat(sum).isCloseTo(one.total(), offset(SAME * size));
                if (!one.passesOn()) {
                  double scale = SAME * (size / Math.abs(one.total()) + 1);
                  assertThat(shares).isCloseTo(1, offset(scale));
                }
                split
                    .followed()
                    .forEach(part -> assertThat(split.parts().rows()).contains(part.row()));
              }
            });
      }
    }
  }

  @Property(tries = 15)
  void theMeanOfOnePromptIsItsTree(@ForAll @LongRange(min = 0, max = 1 << 20) long seed) {
    try (Scope scope = Scope.open();
        RandomRun some = new RandomRun(seed)) {
      for (TreeRoot root : roots(some)) {
        TreeOptions options = options(some.random(), 3, 0.01);
        Alignment places = places(IntStream.range(0, RandomRun.POSITIONS).toArray());
        MeanTree mean = mean(some.run(), root, 1, places, options);
        AttributionTree tree =
            AttributionTree.of(
                some.run(), root, 0, RandomRun.POSITIONS - 1, options, Progress.NONE);
        same(mean.tree().root(), tree.root());
      }
    }
  }

  private static Alignment places(int[] one) {
    return new Alignment(
        IntStream.range(0, RandomRun.POSITIONS).mapToObj(i -> "P" + i).toList(),
        List.of(one, one.clone()));
  }

  private static void same(Explained found, Explained expected) {
    same(found.row(), expected.row());
    assertThat(found.level()).isEqualTo(expected.level());
    assertThat(found.total()).isCloseTo(expected.total(), offset(SAME));
    assertThat(found.splits()).hasSameSizeAs(expected.splits());
    for (int i = 0; i < found.splits().size(); i++) {
      Split one = found.splits().get(i);
      Split other = expected.splits().get(i);
      assertThat(one.way()).isEqualTo(other.way());
      assertThat(one.parts().rows()).hasSameSizeAs(other.parts().rows());
      for (int row = 0; row < one.parts().rows().size(); row++) {
        same(one.parts().rows().get(row), other.parts().rows().get(row));
      }
      assertThat(one.followed()).hasSameSizeAs(other.followed());
      for (int part = 0; part < one.followed().size(); part++) {
        same(one.followed().get(part), other.followed().get(part));
      }
    }
  }

  private static void same(Contribution found, Contribution expected) {
    assertThat(found.part()).isEqualTo(expected.part());
    assertThat(found.layer()).isEqualTo(expected.layer());
    assertThat(found.index()).isEqualTo(expected.index());
    assertThat(found.position()).isEqualTo(expected.position());
    assertThat(found.token()).isEqualTo(expected.token());
    assertThat(found.contribution()).isCloseTo(expected.contribution(), offset(SAME));
    assertThat(found.share())
        .isCloseTo(expected.share(), offset(SAME * (1 + Math.abs(expected.share()))));
  }

  /** A row of a number, by the path of what passes on to it. */
  private record Path(
      PlacedPart number, int level, List<PlacedPart> passed, Way way, PlacedPart row) {}

  /** Sums the rows of a prompt's tree, each number once. */
  private static void sum(
      Map<Path, Double> sums,
      Alignment places,
      int prompt,
      Explained one,
      PlacedPart number,
      int level,
      List<PlacedPart> passed,
      Set<PlacedPart> had) {
    for (Split split : one.splits()) {
      for (Contribution row : split.parts().rows()) {
        PlacedPart part = placed(places, prompt, row);
        sums.merge(
            new Path(number, level, passed, split.way(), part), row.contribution(), Double::sum);
      }
      for (Explained part : split.followed()) {
        PlacedPart at = placed(places, prompt, part.row());
        if (part.passesOn()) {
          List<PlacedPart> more = new ArrayList<>(passed);
          more.add(at);
          sum(sums, places, prompt, part, number, level, more, had);
        } else if (had.add(
            new PlacedPart(at.part(), at.layer(), 100 * at.index() + part.level(), at.place()))) {
          sum(sums, places, prompt, part, at, part.level(), List.of(), had);
        }
      }
    }
  }

  private static PlacedPart placed(Alignment places, int prompt, Contribution row) {
    int place = row.position() < 0 ? -1 : places.place(prompt, row.position());
    return new PlacedPart(row.part(), row.layer(), row.index(), place);
  }

  @Property(tries = 15)
  void whereAllIsFollowedItIsThePlainAverage(@ForAll @LongRange(min = 0, max = 1 << 20) long seed) {
    try (Scope scope = Scope.open();
        RandomRun some = new RandomRun(seed)) {
      for (TreeRoot root : roots(some)) {
        TreeOptions options =
            TreeOptions.of(10_000, 2, 0).via(Via.values()[some.random().nextInt(3)]).bothSigns();
        Alignment places = shuffled(some.random());
        MeanTree mean = mean(some.run(), root, PROMPTS, places, options);
        Map<Path, Double> expected = new HashMap<>();
        PlacedPart top = new PlacedPart(null, -1, -1, -1);
        for (int prompt = 0; prompt < PROMPTS; prompt++) {
          AttributionTree tree =
              AttributionTree.of(
                  some.run(), root, prompt, RandomRun.POSITIONS - 1, options, Progress.NONE);
          sum(expected, mean.places(), prompt, tree.root(), top, 1, List.of(), new HashSet<>());
        }
        Map<Path, Double> found = new LinkedHashMap<>();
        int[] same = IntStream.range(0, mean.places().names().size()).toArray();
        Alignment byPlace = new Alignment(mean.places().names(), List.of(same));
        sum(found, byPlace, 0, mean.tree().root(), top, 1, List.of(), new HashSet<>());
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        found.forEach(
            (path, value) -> {
              double average = expected.get(path) / PROMPTS;
              assertThat(value)
                  .as(path.toString())
                  .isCloseTo(average, offset(SAME * Math.max(1, Math.abs(average))));
            });
      }
    }
  }

  @Test
  void aPartThatOnePromptLacksCountsAsNothingThere() {
    try (Scope scope = Scope.open();
        RandomRun some = new RandomRun(5)) {
      // No position of the second prompt is where one of the first is, but the root's.
      int[] own = IntStream.range(0, RandomRun.POSITIONS).toArray();
      int[] other = IntStream.range(0, RandomRun.POSITIONS).map(i -> i + 10).toArray();
      Alignment places =
          new Alignment(
              IntStream.range(0, 20).mapToObj(i -> "P" + i).toList(), List.of(own, other));
      TreeRoot root = new TreeRoot.Head(some.config().layers() - 1, 0, Optional.empty());
      TreeOptions options = TreeOptions.of(1000, 1, 0);
      MeanTree mean = mean(some.run(), root, PROMPTS, places, options);
      assertThat(mean.places().names()).contains("HERE");
      Split sources = mean.tree().root().splits().get(0);
      assertThat(sources.followed()).hasSize(2 * RandomRun.POSITIONS - 1);
      for (Explained source : sources.followed()) {
        MeanTree.Spread spread = mean.spreads().get(source.row());
        boolean here = mean.places().names().get(source.row().position()).equals("HERE");
        assertThat(spread.prompts()).isEqualTo(here ? 2 : 1);
        if (!here) {
          // One value and one zero deviate from their mean by half of it, times the root of two.
          double each = 2 * source.row().contribution();
          assertThat(spread.deviation())
              .isCloseTo(Math.abs(each) / Math.sqrt(2), offset(1e-6 + 1e-6 * Math.abs(each)));
        }
      }
    }
  }
}
