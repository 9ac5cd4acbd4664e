package org.zlens.engine.attribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.zlens.engine.RandomModel;
import org.zlens.engine.attribute.Explained.Split;
import org.zlens.engine.attribute.TreeOptions.Via;
import org.zlens.engine.hook.Site;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.sae.Sae;

/** What holds for trees of any number of any model. */
class AttributionTreeTest {
  private static final double RELATIVE = 1e-4;
  private static final int FAMILIES = 8;

  /** Options that follow all they can. */
  private static TreeOptions all(Random random) {
    Via via = Via.values()[random.nextInt(3)];
    TreeOptions options =
        TreeOptions.of(2 + random.nextInt(2), 1 + random.nextInt(3), 0.01).via(via);
    options = random.nextBoolean() ? options.byHead() : options;
    options = random.nextBoolean() ? options.throughMlps() : options;
    return random.nextBoolean() ? options.bothSigns() : options;
  }

  static List<TreeRoot> roots(RandomRun some, int row, int position) {
    List<TreeRoot> roots = new ArrayList<>();
    TreeRoot.Logit logit = new TreeRoot.Logit(3, OptionalInt.of(11));
    roots.add(new TreeRoot.Logit(5, OptionalInt.empty()));
    roots.add(logit);
    int last = some.config().layers() - 1;
    int head = some.random().nextInt(some.config().heads());
    roots.add(new TreeRoot.Head(last, head, Optional.empty()));
    roots.add(new TreeRoot.Head(last, head, Optional.of(logit)));
    CleanRun run = some.run();
    first(run, run.saes().attention(last), row, position)
        .ifPresent(i -> roots.add(new TreeRoot.AttentionFeature(last, i)));
    first(run, run.saes().residual(last), row, position)
        .ifPresent(i -> roots.add(new TreeRoot.ResidualFeature(last, i)));
    return roots;
  }

  static Optional<Integer> first(CleanRun run, Sae sae, int row, int position) {
    int[] active = run.encoded(sae, row, position).active();
    return active.length == 0 ? Optional.empty() : Optional.of(active[0]);
  }

  /** Models of any sizes in the manner of GPT-2, and those of all families in turn. */
  private static RandomRun run(long seed) {
    return seed % 2 == 0
        ? new RandomRun(seed)
        : RandomRun.family((int) (seed / 2 % FAMILIES), seed);
  }

  @Property(tries = 40, seed = "20240617")
  void everySplitOfEveryNumberAddsUp(@ForAll @LongRange(min = 0, max = 1 << 20) long seed) {
    try (Scope scope = Scope.open();
        RandomRun some = run(seed)) {
      int row = some.random().nextInt(2);
      int position = some.random().nextInt(RandomRun.POSITIONS);
      for (TreeRoot root : roots(some, row, position)) {
        TreeOptions options = all(some.random());
        AttributionTree tree =
            AttributionTree.of(some.run(), root, row, position, options, Progress.NONE);
        assertThat(tree.root().isLeaf()).isFalse();
        walk(tree.root(), one -> adds(one, options));
      }
    }
  }

  private static void adds(Explained one, TreeOptions options) {
    if (one.passesOn()) {
      assertThat(one.total()).isEqualTo(one.row().contribution());
    }
    for (Split split : one.splits()) {
      double size =
          split.parts().rows().stream().mapToDouble(r -> Math.abs(r.contribution())).sum();
      double sum = split.parts().rows().stream().mapToDouble(Contribution::contribution).sum();
      assertThat(sum).isCloseTo(one.total(), offset(RELATIVE * Math.max(1e-3, size)));
      assertThat(split.parts().residual()).isCloseTo(sum - one.total(), offset(1e-9));
      assertThat(split.followed().size()).isLessThanOrEqualTo(options.width());
      for (Explained part : split.followed()) {
        assertThat(split.parts().rows()).contains(part.row());
        assertThat(part.level()).isBetween(one.level(), one.level() + 1);
        if (!options.signed() && part.row().part() != Part.SOURCE) {
          assertThat(part.row().contribution()).isPositive();
        }
      }
    }
  }

  static void walk(Explained one, Consumer<Explained> visitor) {
    visitor.accept(one);
    for (Split split : one.splits()) {
      split.followed().forEach(part -> walk(part, visitor));
    }
  }

  /**
   * What is left of a number, and the size of what was taken away from it.
   *
   * @param size of all that rounding may be a part of
   */
  private record Left(double left, double size) {}

  @Property(tries = 40, seed = "20240617")
  void withoutItsLeavesNothingIsLeftOfANumber(
      @ForAll @LongRange(min = 0, max = 1 << 20) long seed) {
    try (Scope scope = Scope.open();
        RandomRun some = run(seed)) {
      int row = some.random().nextInt(2);
      int position = some.random().nextInt(RandomRun.POSITIONS);
      for (TreeRoot root : roots(some, row, position)) {
        AttributionTree tree =
            AttributionTree.of(some.run(), root, row, position, all(some.random()), Progress.NONE);
        Left left = withoutLeaves(tree.root(), some.random());
        assertThat(left.left).isCloseTo(0, offset(RELATIVE * Math.max(1e-3, left.size)));
      }
    }
  }

  /**
   * Takes the leaves below a number away, from the bottom up, in one of the ways in which each is
   * split: of a part that has parts itself as much is gone from the number above as from it.
   */
  private static Left withoutLeaves(Explained one, Random random) {
    Split split = one.splits().get(random.nextInt(one.splits().size()));
    double left = one.total();
    double size = 0;
    for (Contribution row : split.parts().rows()) {
      double gone = 1;
      double moved = 1;
      for (Explained part : split.followed()) {
        if (part.row() == row && !part.isLeaf() && part.total() != 0) {
          Left below = withoutLeaves(part, random);
          gone = 1 - below.left / part.total();
          moved = below.size / Math.abs(part.total());
        }
      }
      left -= row.contribution() * gone;
      size += Math.abs(row.contribution()) * moved;
    }
    return new Left(left, size);
  }

  @Property(tries = 24, seed = "20240617")
  void tokensThatFollowChangeNothing(@ForAll @LongRange(min = 0, max = 1 << 20) long seed) {
    try (Scope scope = Scope.open();
        RandomRun some = run(seed)) {
      int position = some.random().nextInt(RandomRun.POSITIONS - 1);
      CleanRun prefix = some.prefix(position + 1);
      TreeOptions options = TreeOptions.of(2, 2, 0.05).throughMlps();
      for (TreeRoot root : roots(some, 1, position)) {
        AttributionTree whole =
            AttributionTree.of(some.run(), root, 1, position, options, Progress.NONE);
        AttributionTree cut = AttributionTree.of(prefix, root, 1, position, options, Progress.NONE);
        assertThat(cut.root().total()).isCloseTo(whole.root().total(), offset(1e-4));
        List<Contribution> before = whole.root().splits().get(0).parts().rows();
        List<Contribution> after = cut.root().splits().get(0).parts().rows();
        assertThat(after).hasSameSizeAs(before);
        for (int i = 0; i < after.size(); i++) {
          assertThat(after.get(i).name()).isEqualTo(before.get(i).name());
          assertThat(after.get(i).contribution())
              .isCloseTo(before.get(i).contribution(), offset(1e-4));
        }
      }
    }
  }

  @Property(tries = 6, seed = "20240617")
  void thePapersTreeIsThePlainOne(@ForAll @LongRange(min = 0, max = 1 << 20) long seed) {
    try (Scope scope = Scope.open();
        RandomModel random =
            (seed % 2 == 0 ? RandomModel.processed(seed) : RandomModel.grouped(seed))
                .withSaes(30)) {
      CleanRun run = CleanRun.upTo(2, random.saes(), random.tokens(2, 8));
      Sae sae = run.saes().attention(2);
      Optional<Integer> feature = first(run, sae, 1, 7);
      if (feature.isEmpty()) {
        return;
      }
      for (Via via : Via.values()) {
        AttributionTree tree =
            AttributionTree.of(
                run,
                new TreeRoot.AttentionFeature(2, feature.get()),
                1,
                7,
                TreeOptions.of(3, 2, 0.02).via(via),
                Progress.NONE);
        PlainTree.Node plain =
            PlainTree.of(
                run,
                2,
                feature.get(),
                1,
                7,
                new PlainTree.Options(3, 2, 0.02, PlainTree.Via.valueOf(via.name())),
                Progress.NONE);
        same(tree.root(), plain);
      }
    }
  }

  private static void same(Explained actual, PlainTree.Node plain) {
    assertThat(actual.row().layer()).isEqualTo(plain.layer());
    assertThat(actual.row().index()).isEqualTo(plain.feature());
    assertThat(actual.row().position()).isEqualTo(plain.destination());
    assertThat(actual.total()).isCloseTo(plain.direct().activation(), offset(1e-4));
    assertThat(actual.isLeaf()).isEqualTo(plain.leaf());
    if (plain.leaf()) {
      return;
    }
    List<Explained> sources = actual.splits().get(0).followed();
    assertThat(sources).hasSameSizeAs(plain.sources());
    for (int i = 0; i < sources.size(); i++) {
      PlainTree.Source expected = plain.sources().get(i);
      Explained source = sources.get(i);
      assertThat(source.total()).isCloseTo(expected.split().contribution(), offset(1e-4));
      for (Split split : source.splits()) {
        if (split.way() == Explained.Way.OUTPUTS) {
          children(split.followed(), expected.children());
        } else {
          residual(split.followed(), expected.residual());
        }
      }
    }
  }

  private static void children(List<Explained> actual, List<PlainTree.Child> expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.size(); i++) {
      assertThat(actual.get(i).row().contribution())
          .isCloseTo(expected.get(i).contribution().contribution(), offset(1e-4));
      same(actual.get(i), expected.get(i).node());
    }
  }

  private static void residual(List<Explained> actual, List<PlainTree.ResidualChild> expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.size(); i++) {
      assertThat(actual.get(i).row().index()).isEqualTo(expected.get(i).contribution().index());
      assertThat(actual.get(i).row().contribution())
          .isCloseTo(expected.get(i).contribution().contribution(), offset(1e-4));
      children(actual.get(i).splits().get(0).followed(), expected.get(i).children());
    }
  }

  @Property(tries = 8, seed = "20240617")
  void aHeadsNumberIsWhatItWritesAlongItsDirection(
      @ForAll @LongRange(min = 0, max = 1 << 20) long seed) {
    try (Scope scope = Scope.open();
        RandomRun some = new RandomRun(seed)) {
      int last = some.config().layers() - 1;
      TreeRoot.Logit logit = new TreeRoot.Logit(3, OptionalInt.of(11));
      TreeOptions options = TreeOptions.of(2, 1, 0);
      double read =
          LogitAttribution.of(some.run(), 0, 6, 3, OptionalInt.of(11)).byHead().rows().stream()
              .filter(r -> r.part() == Part.HEAD && r.layer() == last && r.index() == 0)
              .mapToDouble(Contribution::contribution)
              .sum();
      TreeRoot.Head head = new TreeRoot.Head(last, 0, Optional.of(logit));
      assertThat(total(some.run(), head, options)).isCloseTo(read, offset(1e-4));
      float[] z = some.run().activations().get(Site.Z, last).select(0, 0).select(0, 6).floats();
      float[] out = some.run().block(last).wO().floats();
      double square = 0;
      for (int d = 0; d < some.config().dModel(); d++) {
        double sum = 0;
        for (int i = 0; i < some.config().dHead(); i++) {
          sum += z[i] * out[i * some.config().dModel() + d];
        }
        square += sum * sum;
      }
      assertThat(total(some.run(), new TreeRoot.Head(last, 0, Optional.empty()), options))
          .isCloseTo(Math.sqrt(square), offset(1e-4));
    }
  }

  private static double total(CleanRun run, TreeRoot root, TreeOptions options) {
    return AttributionTree.of(run, root, 0, 6, options, Progress.NONE).root().total();
  }
}
