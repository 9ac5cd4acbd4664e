package org.zlens.engine.attribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zlens.engine.RandomModel;
import org.zlens.engine.attribute.TreeOptions.Via;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.runtime.GradMode;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/** Attributions in models of every family: they add up, and gradients say the same. */
class FamilyAttributionTest {
  private static final double ROUNDING = 1e-4;
  private static final int LAYER = 2;
  private static final int ROW = 1;
  private static final int DESTINATION = 6;

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 5, 6, 7})
  void treesAddUp(int family) {
    for (long seed = 0; seed < 4; seed++) {
      try (Scope scope = Scope.open();
          RandomRun some = RandomRun.family(family, seed)) {
        for (TreeRoot root : AttributionTreeTest.roots(some, ROW, RandomRun.POSITIONS - 1)) {
          TreeOptions options = TreeOptions.of(2, 3, 0.01).via(Via.BOTH).bothSigns();
          for (TreeOptions own : List.of(options, options.byHead())) {
            AttributionTree tree =
                AttributionTree.of(
                    some.run(),
                    root,
                    ROW,
                    RandomRun.POSITIONS - 1,
                    some.config().hasMlp() ? own.throughMlps() : own,
                    Progress.NONE);
            AttributionTreeTest.walk(tree.root(), FamilyAttributionTest::adds);
          }
        }
      }
    }
  }

  private static void adds(Explained one) {
    for (Explained.Split split : one.splits()) {
      List<Contribution> rows = split.parts().rows();
      double sum = rows.stream().mapToDouble(Contribution::contribution).sum();
      double size = rows.stream().mapToDouble(row -> Math.abs(row.contribution())).sum();
      assertThat(sum).isCloseTo(one.total(), within(ROUNDING * Math.max(1, size)));
    }
  }

  /** Scores by pairs of parts, turns of queries and keys among them, are those of the pass. */
  @ParameterizedTest
  @ValueSource(ints = {3, 4, 5, 6, 7})
  void pairsOfPartsMakeUpTheScore(int family) {
    try (Scope scope = Scope.open();
        RandomRun some = RandomRun.family(family, 11)) {
      CleanRun run = some.run();
      double cap = some.config().architecture().attention().softCap();
      Location at = Location.of(Site.ATTN_SCORES, LAYER);
      Tensor scores = some.scores(at);
      for (int head = 0; head < some.config().heads(); head++) {
        for (int key = DESTINATION - 2; key <= DESTINATION; key++) {
          QkAttribution own =
              QkAttribution.of(
                  run,
                  LAYER,
                  head,
                  ROW,
                  DESTINATION,
                  key,
                  QkSide.of(StreamSplit.RESIDUAL_FEATURES),
                  QkSide.of(StreamSplit.FEATURES));
          double sum = 0;
          for (double[] row : own.table()) {
            for (double entry : row) {
              sum += entry;
            }
          }
          double capped = cap == 0 ? sum : cap * Math.tanh(sum / cap);
          double score =
              scores.select(0, ROW).select(0, head).select(0, DESTINATION).select(0, key).item();
          assertThat(capped).isCloseTo(score, within(ROUNDING * Math.max(1, Math.abs(sum))));
        }
      }
    }
  }

  /** Parts of the stream contribute their gradient times the part, pattern and scale held. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void gradientsSayTheSame(int family) {
    try (RandomModel random = RandomModel.family(family, 31).withSaes(30);
        Scope scope = Scope.open()) {
      Tensor tokens = random.tokens(2, 8);
      CleanRun run = CleanRun.of(random.saes(), tokens);
      DirectFeatureAttribution direct =
          DirectFeatureAttribution.of(run, LAYER, 3, ROW, DESTINATION);
      Location stream = Location.of(Site.RESID_PRE, LAYER);
      Tensor gradient;
      try (GradMode mode = GradMode.on()) {
        Tensor leaf = run.activations().get(stream).leaf();
        Tensor pre = preActivation(random, run, tokens, stream, leaf);
        assertThat(pre.item()).isCloseTo(direct.preActivation(), within(ROUNDING));
        gradient = pre.gradients(List.of(leaf))[0].select(0, ROW);
      }
      for (int source = 0; source <= DESTINATION; source++) {
        float[] reader = gradient.select(0, source).floats();
        SourceAttribution split = SourceAttribution.of(run, direct, source, 1);
        double whole = 0;
        for (Contribution part : split.byFeature().rows()) {
          whole += part.contribution();
          Location at = location(part);
          if (at != null) {
            double expected = Readout.dot(run.vector(at, ROW, source).floats(), reader);
            assertThat(part.contribution())
                .as(part.name() + " from " + source)
                .isCloseTo(expected, within(ROUNDING));
          }
        }
        assertThat(whole).isCloseTo(split.contribution(), within(ROUNDING));
      }
    }
  }

  private static Location location(Contribution part) {
    return switch (part.part()) {
      case EMBED -> Location.of(Site.EMBED);
      case POS_EMBED -> Location.of(Site.POS_EMBED);
      case MLP_OUT -> Location.of(Site.MLP_OUT, part.layer());
      default -> null;
    };
  }

  private static Tensor preActivation(
      RandomModel random, CleanRun run, Tensor tokens, Location at, Tensor leaf) {
    List<Edit> held = new ArrayList<>();
    Location scale = Location.of(Site.LN1_SCALE, LAYER);
    held.add(instead(Location.of(Site.PATTERN, LAYER), run.patterns(LAYER)));
    held.add(instead(scale, run.activations().get(scale)));
    held.add(instead(at, leaf));
    Sae sae = random.saes().attention(LAYER);
    Hooks hooks = Hooks.none().edit(held).capture(sae.location()).withoutLogits();
    Tensor z = random.model().forward(tokens, hooks).get(sae.location());
    return sae.preActivations(z).select(0, ROW).select(0, DESTINATION).select(0, 3);
  }

  private static Edit instead(Location location, Tensor value) {
    return new Edit(location, "hold " + location.shortName(), Edit.Effect.MAY_CHANGE, x -> value);
  }
}
