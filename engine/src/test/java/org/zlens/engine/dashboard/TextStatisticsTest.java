package org.zlens.engine.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.zlens.engine.RandomModel;
import org.zlens.engine.ZlensException;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.measure.TextBatches;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.sae.Sae;

/** As many SAEs share a pass as fit the memory, and they tell the same as each alone. */
class TextStatisticsTest {
  private final Scope scope = Scope.open();
  private final RandomModel random = RandomModel.processed(51).withSaes(25);
  private final List<Sae> saes = new ArrayList<>(random.saes().all());
  private final TextBatches text =
      TextBatches.of(List.of(Batch.of(random.tokens(3, 9)), Batch.of(random.tokens(2, 7))));
  private int passes;

  @AfterEach
  void close() {
    random.close();
    scope.close();
  }

  private TextStatistics limited(long bytes) {
    return new TextStatistics(
        some -> {
          passes++;
          return new DashboardPass(
              random.saes().model(), some, 1, OptionalInt.empty(), Optional.empty());
        },
        Optional.empty(),
        false,
        bytes);
  }

  private List<FeatureStatistics> all(long bytes) {
    List<FeatureStatistics> all = new ArrayList<>();
    limited(bytes).forEach(saes, text, Progress.NONE, (sae, found) -> all.add(found));
    return all;
  }

  @Test
  void aSmallerMemoryMakesMorePassesAndTheSameStatistics() {
    long one = DashboardPass.bytes(saes.get(0), false);
    List<FeatureStatistics> together = all(100 * one);
    assertThat(passes).isEqualTo(1);
    List<FeatureStatistics> apart = all(2 * one);
    assertThat(passes).isEqualTo(1 + 3);
    for (int i = 0; i < saes.size(); i++) {
      for (int feature = 0; feature < 25; feature++) {
        List<KeptExample> expected = together.get(i).strongest(feature);
        List<KeptExample> found = apart.get(i).strongest(feature);
        assertThat(found).hasSameSizeAs(expected);
        for (int place = 0; place < found.size(); place++) {
          // Passes that keep other values may round otherwise.
          assertThat(found.get(place).activation())
              .isCloseTo(expected.get(place).activation(), within(1e-4f));
        }
      }
    }
  }

  @Test
  void whatDoesNotFitIsAnErrorThatSaysWhatWould() {
    assertThatThrownBy(() -> all(1000))
        .isInstanceOf(ZlensException.class)
        .hasMessageContaining("the setting 'memory' allows");
  }

  /** What is said of the memory is what the columns take. */
  @Test
  void theBytesToldAreThoseOfTheColumns() {
    FeatureStatistics made = new FeatureStatistics(1000, 0, true, true);
    long columns = 8L * made.fired.length + 4L * made.exponents.length;
    columns += 4L * made.bins.length + 4L * made.proxyBins.length;
    columns += 2L * made.sketch.sizes.length + 8L * made.sketch.lots.length;
    for (KeptPlaces kept : List.of(made.strongest, made.drawn)) {
      columns += 2L * kept.sizes.length + 8L * kept.places.length + 4L * kept.activations.length;
      columns += 4L * kept.around.length + 4L * kept.sources.length;
      columns += 4L * kept.contributions.length;
    }
    assertThat(FeatureStatistics.bytes(1000, true, true)).isEqualTo(columns);
  }
}
