package org.zlens.engine.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.zlens.engine.ZlensException;

/** Statistics of parts against those of the whole, whatever the parts and their order. */
class FeatureStatisticsTest {
  private static final int FEATURES = 5;
  private static final JsonMapper JSON = new JsonMapper();

  /** A place where a feature is active. */
  private record Firing(int feature, long row, int position, float activation, boolean proxy) {}

  private static List<Firing> firings(Random random, int rows) {
    List<Firing> all = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      for (int position = 0; position < 9; position++) {
        boolean proxy = random.nextInt(4) == 0;
        for (int feature = 0; feature < FEATURES - 1; feature++) {
          if (random.nextInt(3) == 0) {
            // Some of a thousandth, some of a thousand: grids of parts differ by many steps.
            float activation = (float) Math.exp(4 * random.nextGaussian());
            all.add(new Firing(feature, row, position, activation, proxy));
          }
        }
      }
    }
    return all;
  }

  private static FeatureStatistics of(List<Firing> some, long tokens) {
    FeatureStatistics statistics = new FeatureStatistics(FEATURES, 7, true, true);
    for (Firing one : some) {
      long place = KeptPlaces.place(one.row, one.position);
      statistics.add(one.feature, place, statistics.lot(place), one.activation, one.proxy);
    }
    for (long i = 0; i < tokens; i++) {
      statistics.count(i % 3 == 0);
    }
    return statistics;
  }

  /** All that is ever asked of statistics. */
  static List<Object> told(FeatureStatistics statistics) {
    List<Object> all = new ArrayList<>(List.of(statistics.tokens(), statistics.holds()));
    CoActivity together = new CoActivity(statistics);
    for (int feature = 0; feature < statistics.features(); feature++) {
      all.add(statistics.fired(feature));
      all.add(statistics.histogram(feature));
      all.add(statistics.strongest(feature));
      all.add(statistics.bands(feature));
      all.add(together.of(feature, 4));
    }
    return all;
  }

  static void assertSame(FeatureStatistics actual, FeatureStatistics expected) {
    // As texts: arrays in records have no equality of their own.
    try {
      assertThat(JSON.writeValueAsString(told(actual)))
          .isEqualTo(JSON.writeValueAsString(told(expected)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Property(tries = 60)
  void partsMergeToTheWhole(@ForAll long seed) {
    Random random = new Random(seed);
    int rows = 1 + random.nextInt(120);
    List<Firing> all = firings(random, rows);
    int parts = 1 + random.nextInt(5);
    Map<Long, Integer> partOf = new HashMap<>();
    for (long row = 0; row < rows; row++) {
      partOf.put(row, random.nextInt(parts));
    }
    List<FeatureStatistics> statistics = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      int number = part;
      List<Firing> some =
          new ArrayList<>(all.stream().filter(f -> partOf.get(f.row) == number).toList());
      Collections.shuffle(some, random);
      statistics.add(of(some, 3L * part));
    }
    Collections.shuffle(statistics, random);
    FeatureStatistics merged = new FeatureStatistics(FEATURES, 7, true, true);
    statistics.forEach(merged::merge);
    long tokens = IntStream.range(0, parts).map(part -> 3 * part).sum();
    assertSame(merged, of(all, tokens));
  }

  @Property(tries = 30)
  void theOrderOfPlacesMakesNoDifference(@ForAll long seed) {
    Random random = new Random(seed);
    List<Firing> all = firings(random, 60);
    List<Firing> shuffled = new ArrayList<>(all);
    Collections.shuffle(shuffled, random);
    assertSame(of(shuffled, 540), of(all, 540));
  }

  @Property(tries = 30)
  void countsAndStrongestAreThoseOfAllPlaces(@ForAll long seed) {
    List<Firing> all = firings(new Random(seed), 40);
    FeatureStatistics statistics = of(all, 360);
    for (int feature = 0; feature < FEATURES; feature++) {
      int number = feature;
      List<Float> own =
          all.stream().filter(f -> f.feature == number).map(Firing::activation).sorted().toList();
      assertThat(statistics.fired(feature)).isEqualTo(own.size());
      List<Float> falling = new ArrayList<>(own);
      Collections.reverse(falling);
      assertThat(statistics.strongest(feature))
          .extracting(KeptExample::activation)
          .containsExactlyElementsOf(
              falling.subList(0, Math.min(FeatureStatistics.STRONGEST, falling.size())));
      ActivationHistogram histogram = statistics.histogram(feature);
      assertThat(Arrays.stream(histogram.counts()).sum()).isEqualTo(own.size());
      for (int bin = 0; bin < histogram.counts().length; bin++) {
        double from = bin * histogram.step();
        assertThat(histogram.counts()[bin])
            .isEqualTo(
                (int) own.stream().filter(a -> a >= from && a < from + histogram.step()).count());
      }
      if (!own.isEmpty()) {
        assertThat(histogram.counts().length)
            .isBetween(ActivationGrid.BINS / 2 + 1, ActivationGrid.BINS);
      }
    }
  }

  @Property(tries = 30)
  void bandsAreOfOneWidthAndTheirExamplesLieInThem(@ForAll long seed) {
    List<Firing> all = firings(new Random(seed), 40);
    FeatureStatistics statistics = of(all, 360);
    for (int feature = 0; feature < FEATURES; feature++) {
      long places = 0;
      double above = Double.POSITIVE_INFINITY;
      for (ActivationBand band : statistics.bands(feature)) {
        places += band.places();
        assertThat(band.to()).isLessThanOrEqualTo(above);
        above = band.from();
        assertThat(band.examples())
            .hasSize((int) Math.min(FeatureStatistics.DRAWN, band.places()))
            .allSatisfy(
                one -> {
                  assertThat((double) one.activation()).isGreaterThanOrEqualTo(band.from());
                  assertThat((double) one.activation()).isLessThan(band.to());
                });
      }
      assertThat(places).isEqualTo(statistics.fired(feature));
    }
  }

  /** Each of the places of a band is drawn about as often as any other. */
  @Example
  void everyPlaceOfABandIsAsLikely() {
    int[] drawn = new int[50];
    for (int seed = 0; seed < 2000; seed++) {
      FeatureStatistics statistics = new FeatureStatistics(1, seed, false, false);
      for (int row = 0; row < drawn.length; row++) {
        long place = KeptPlaces.place(row, 3);
        statistics.add(0, place, statistics.lot(place), 1, false);
      }
      statistics.bands(0).get(0).examples().forEach(one -> drawn[(int) one.row()]++);
    }
    for (int times : drawn) {
      assertThat(times).isBetween(130, 270);
    }
  }

  @Example
  void whatIsNoNumberIsRefused() {
    FeatureStatistics statistics = new FeatureStatistics(1, 0, false, false);
    for (float wrong : new float[] {Float.NaN, Float.POSITIVE_INFINITY, 0, -1}) {
      assertThatThrownBy(() -> statistics.add(0, 0, 0, wrong, false))
          .isInstanceOf(ZlensException.class)
          .hasMessageContaining("feature 0 has the activation");
    }
  }

  /** From the smallest number above zero to the largest, in both orders. */
  @Example
  void anyNumbersLieOnOneGrid() {
    float[] numbers = {Float.MIN_VALUE, Float.MIN_NORMAL, 1e-20f, 1, 3e20f, Float.MAX_VALUE};
    for (boolean rising : new boolean[] {true, false}) {
      FeatureStatistics statistics = new FeatureStatistics(1, 0, false, false);
      for (int i = 0; i < numbers.length; i++) {
        int at = rising ? i : numbers.length - 1 - i;
        statistics.add(0, at, statistics.lot(at), numbers[at], false);
      }
      assertThat(statistics.histogram(0).counts()[0]).isEqualTo(5);
      assertThat(statistics.histogram(0).counts()).hasSize(ActivationGrid.BINS);
      assertThat(statistics.bands(0)).extracting(ActivationBand::places).containsExactly(1L, 5L);
    }
  }
}
