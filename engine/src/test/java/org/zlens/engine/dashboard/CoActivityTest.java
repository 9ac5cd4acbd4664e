package org.zlens.engine.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Correlations of being active against those of all places. */
class CoActivityTest {
  private static final int FEATURES = 12;

  /** Features in groups of four that are often active together. */
  private static boolean[][] active(Random random, int places, double share) {
    boolean[][] active = new boolean[FEATURES][places];
    for (int place = 0; place < places; place++) {
      boolean[] shared = new boolean[3];
      for (int i = 0; i < shared.length; i++) {
        shared[i] = random.nextDouble() < share;
      }
      for (int feature = 0; feature < FEATURES; feature++) {
        active[feature][place] =
            shared[feature / 4] && random.nextInt(4) > 0 || random.nextDouble() < share / 4;
      }
    }
    return active;
  }

  private static CoActivity of(boolean[][] active, long seed) {
    FeatureStatistics statistics = new FeatureStatistics(FEATURES, seed, false, false);
    for (int place = 0; place < active[0].length; place++) {
      statistics.count(false);
      for (int feature = 0; feature < FEATURES; feature++) {
        if (active[feature][place]) {
          statistics.add(feature, place, statistics.lot(place), 1, false);
        }
      }
    }
    return new CoActivity(statistics);
  }

  private static double correlation(boolean[] a, boolean[] b) {
    double n = a.length;
    double first = 0;
    double second = 0;
    double both = 0;
    for (int i = 0; i < a.length; i++) {
      first += a[i] ? 1 : 0;
      second += b[i] ? 1 : 0;
      both += a[i] && b[i] ? 1 : 0;
    }
    return (both / n - first / n * (second / n))
        / Math.sqrt(first / n * (1 - first / n) * (second / n) * (1 - second / n));
  }

  private static int common(boolean[] a, boolean[] b) {
    int common = 0;
    for (int i = 0; i < a.length; i++) {
      common += a[i] && b[i] ? 1 : 0;
    }
    return common;
  }

  @Property(tries = 30)
  void rareFeaturesAreComparedExactly(@ForAll long seed) {
    boolean[][] active = active(new Random(seed), 600, 0.1);
    CoActivity together = of(active, seed);
    for (int feature = 0; feature < FEATURES; feature++) {
      Related found = together.of(feature, FEATURES);
      for (int i = 0; i < found.features().length; i++) {
        double expected = correlation(active[feature], active[found.features()[i]]);
        assertThat((double) found.values()[i]).isCloseTo(expected, within(1e-4));
        assertThat(i == 0 || found.values()[i] <= found.values()[i - 1]).isTrue();
      }
      int own = feature;
      long expected =
          IntStream.range(0, FEATURES)
              .filter(other -> other != own)
              .filter(other -> common(active[own], active[other]) >= CoActivity.LEAST_COMMON)
              .count();
      assertThat((long) found.features().length).isEqualTo(expected);
    }
  }

  @Property(tries = 5)
  void samplesOfFrequentFeaturesTellNearlyTheSame(@ForAll long seed) {
    boolean[][] active = active(new Random(seed), 20_000, 0.2);
    CoActivity together = of(active, seed);
    for (int feature = 0; feature < FEATURES; feature++) {
      Related found = together.of(feature, 3);
      for (int i = 0; i < 3; i++) {
        assertThat(found.features()[i] / 4).isEqualTo(feature / 4);
        double expected = correlation(active[feature], active[found.features()[i]]);
        assertThat((double) found.values()[i]).isCloseTo(expected, within(0.3));
      }
    }
  }
}
