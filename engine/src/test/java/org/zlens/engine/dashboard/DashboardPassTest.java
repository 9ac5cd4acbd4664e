package org.zlens.engine.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zlens.engine.RandomModel;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.measure.Proxy;
import org.zlens.engine.measure.TextBatches;
import org.zlens.engine.runtime.Interruption;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.InputNormalization;
import org.zlens.engine.sae.Sae;
import org.zlens.engine.sae.SaeEncoder;

/** One pass over a text for all features against one feature at a time. */
class DashboardPassTest {
  private static final int FEATURES = 30;
  private static final Proxy PROXY = (row, ids, position) -> ids[position] % 3 == 0;

  private final Scope scope = Scope.open();
  private RandomModel random;

  @TempDir Path folder;

  @AfterEach
  void close() {
    random.close();
    scope.close();
  }

  /** Batches of different widths with rows of different lengths. */
  private List<Batch> text(RandomModel model) {
    return List.of(
        new Batch(model.tokens(3, 12), new int[] {12, 7, 1}),
        Batch.of(model.tokens(2, 9)),
        new Batch(model.tokens(2, 15), new int[] {14, 2}),
        Batch.of(model.tokens(4, 6)));
  }

  private DashboardPass pass(List<Sae> saes, OptionalInt bos) {
    return new DashboardPass(random.saes().model(), saes, 11, bos, Optional.of(PROXY));
  }

  private List<FeatureStatistics> run(List<Sae> saes, List<Batch> text, OptionalInt bos) {
    return pass(saes, bos).run(TextBatches.of(text), PassRecord.NONE, Progress.NONE);
  }

  private static int bos(List<Batch> text) {
    return (int) text.get(0).tokens().longs()[0];
  }

  private void compare(Sae sae, List<Batch> text, FeatureStatistics actual, OptionalInt bos) {
    int[] features = {0, 7, 13, 29};
    Map<Integer, PlainStatistics> each =
        PlainStatistics.of(random.saes(), sae, features, text, bos, PROXY);
    for (int feature : features) {
      PlainStatistics plain = each.get(feature);
      assertThat(actual.tokens()).isEqualTo(plain.tokens);
      assertThat(actual.holds()).isEqualTo(plain.holds);
      assertThat(actual.fired(feature)).isEqualTo(plain.firings.size());
      assertThat((long) Arrays.stream(actual.histogram(feature).proxy()).sum())
          .isEqualTo(plain.firings.stream().filter(PlainStatistics.Firing::proxy).count());
      List<PlainStatistics.Firing> strongest = plain.strongest(FeatureStatistics.STRONGEST);
      List<KeptExample> kept = actual.strongest(feature);
      assertThat(kept).hasSameSizeAs(strongest);
      for (int i = 0; i < kept.size(); i++) {
        assertThat(kept.get(i).activation())
            .isCloseTo(strongest.get(i).activation(), within(1e-4f));
        example(sae, plain, kept.get(i));
      }
      for (ActivationBand band : actual.bands(feature)) {
        // An activation at the very edge may round to either side.
        double near = 1e-5 * band.to();
        assertThat(band.places())
            .isBetween(
                plain.between(band.from() + near, band.to() - near),
                plain.between(band.from() - near, band.to() + near));
        band.examples().forEach(one -> example(sae, plain, one));
      }
    }
  }

  private static void example(Sae sae, PlainStatistics plain, KeptExample kept) {
    PlainStatistics.Firing firing = plain.at(kept.row(), kept.position());
    assertThat(kept.activation()).isCloseTo(firing.activation(), within(1e-4f));
    for (int i = 0; i < KeptPlaces.SHOWN; i++) {
      int at = kept.position() + i - KeptPlaces.AROUND;
      float expected = at >= 0 && at < firing.ofRow().length ? firing.ofRow()[at] : 0;
      assertThat(kept.around()[i]).isCloseTo(expected, within(1e-4f));
    }
    float[] bySource = firing.bySource();
    assertThat(kept.source() >= 0).isEqualTo(bySource.length > 0);
    if (bySource.length > 0) {
      for (float one : bySource) {
        assertThat(bySource[kept.source()]).isGreaterThanOrEqualTo(one - 1e-4f);
      }
      for (int i = 0; i < KeptPlaces.SHOWN; i++) {
        int at = kept.source() + i - KeptPlaces.AROUND;
        float expected = at >= 0 && at < bySource.length ? bySource[at] : 0;
        assertThat(kept.contributions()[i]).isCloseTo(expected, within(1e-4f));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void allFeaturesOfAllLayersAreThoseOfOneAtATime(int family) {
    random = RandomModel.family(family, 3 + family).withSaes(FEATURES);
    List<Batch> text = text(random);
    List<Sae> saes = new ArrayList<>(random.saes().all());
    OptionalInt bos = OptionalInt.of(bos(text));
    List<FeatureStatistics> all = run(saes, text, bos);
    for (int i = 0; i < saes.size(); i++) {
      compare(saes.get(i), text, all.get(i), bos);
    }
  }

  @Test
  void anyKindOfEncoderIsRead() {
    random =
        RandomModel.processed(5)
            .withSaes(FEATURES, new SaeEncoder.TopK(4, false), InputNormalization.LAYER_NORM);
    List<Batch> text = text(random);
    Sae sae = random.saes().attention(2);
    compare(sae, text, run(List.of(sae), text, OptionalInt.empty()).get(0), OptionalInt.empty());
  }

  /** What is filled up at the end of rows could be anything. */
  @Test
  void fillingDoesNotCount() {
    random = RandomModel.processed(6).withSaes(FEATURES);
    Batch batch = new Batch(random.tokens(3, 12), new int[] {12, 5, 3});
    long[] ids = batch.tokens().longs();
    for (int i = 12 + 5; i < 24; i++) {
      ids[i] = (ids[i] + 7) % 50;
    }
    Batch other = new Batch(Tensor.of(ids, 3, 12), batch.lengths());
    Sae sae = random.saes().attention(1);
    OptionalInt none = OptionalInt.empty();
    assertThat(run(List.of(sae), List.of(batch), none).get(0).tokens()).isEqualTo(20);
    FeatureStatisticsTest.assertSame(
        run(List.of(sae), List.of(other), none).get(0),
        run(List.of(sae), List.of(batch), none).get(0));
  }

  @Test
  void partsOfATextMergeToTheWhole() {
    random = RandomModel.processed(7).withSaes(FEATURES);
    List<Batch> text = text(random);
    List<Sae> saes = List.of(random.saes().attention(2), random.saes().residual(1));
    DashboardPass pass = pass(saes, OptionalInt.empty());
    List<FeatureStatistics> merged = saes.stream().map(pass::blank).toList();
    long[] begins = {0, 3, 5, 7};
    for (int part : new int[] {2, 0, 3, 1}) {
      List<FeatureStatistics> some = pass.part(text.get(part), begins[part]);
      for (int i = 0; i < saes.size(); i++) {
        merged.get(i).merge(some.get(i));
      }
    }
    List<FeatureStatistics> whole = run(saes, text, OptionalInt.empty());
    for (int i = 0; i < saes.size(); i++) {
      FeatureStatisticsTest.assertSame(merged.get(i), whole.get(i));
    }
  }

  private StatisticsFolder folder(String name, Map<String, String> identity, Duration between) {
    return new StatisticsFolder(folder.resolve(name), identity, sae -> "digest", between);
  }

  private static void stopAt(long batch, long done) {
    if (done == batch) {
      throw new ZlensException(Kind.INTERRUPTED, "interrupted", null);
    }
  }

  private static byte[] bytes(Path file) throws IOException {
    return Files.readAllBytes(file);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void anInterruptedPassGoesOnToTheSameBits(int stop) throws IOException {
    random = RandomModel.processed(8).withSaes(FEATURES);
    TextBatches text = TextBatches.of(text(random));
    List<Sae> saes = List.of(random.saes().attention(2), random.saes().residual(1));
    DashboardPass pass = pass(saes, OptionalInt.of(3));
    Map<String, String> identity = Map.of("text", "one");
    Duration never = Duration.ofDays(1);
    pass.run(text, folder("whole", identity, never), Progress.NONE);
    assertThatThrownBy(
            () ->
                pass.run(
                    text, folder("parts", identity, never), (done, total) -> stopAt(stop, done)))
        .hasMessage("interrupted");
    assertThat(folder("parts", identity, never).find(pass, saes.get(0))).isEmpty();
    List<Long> steps = new ArrayList<>();
    StatisticsFolder record = folder("parts", identity, never);
    pass.run(text, record, (done, total) -> steps.add(done));
    assertThat(record.batches()).isEqualTo(stop);
    for (String file : List.of("L2.z", "L1.resid_pre")) {
      String name = file + ".statistics.safetensors";
      assertThat(bytes(folder.resolve("parts").resolve(name)))
          .isEqualTo(bytes(folder.resolve("whole").resolve(name)));
    }
    assertThat(folder.resolve("parts").resolve("pass.statistics.safetensors")).doesNotExist();
  }

  /** Inside of a forward pass, where the model asks whether to go on. */
  @Test
  void aPassThatIsInterruptedInTheModelIsKeptToo() throws IOException {
    random = RandomModel.processed(13).withSaes(FEATURES);
    TextBatches text = TextBatches.of(text(random));
    DashboardPass pass = pass(List.of(random.saes().attention(2)), OptionalInt.empty());
    Map<String, String> identity = Map.of("text", "one");
    Duration never = Duration.ofDays(1);
    pass.run(text, folder("whole", identity, never), Progress.NONE);
    long[] batch = {0};
    Interruption asking = Interruption.asking(() -> stopAt(2, batch[0]));
    try (asking) {
      assertThatThrownBy(
              () ->
                  pass.run(
                      text, folder("parts", identity, never), (done, total) -> batch[0] = done))
          .hasMessage("interrupted");
    }
    StatisticsFolder record = folder("parts", identity, never);
    pass.run(text, record, Progress.NONE);
    assertThat(record.batches()).isEqualTo(2);
    assertThat(bytes(folder.resolve("parts/L2.z.statistics.safetensors")))
        .isEqualTo(bytes(folder.resolve("whole/L2.z.statistics.safetensors")));
  }

  /** What was kept before the kill is all that is left of a killed pass. */
  @Test
  void aKilledPassGoesOnFromWhatWasKept() throws IOException {
    random = RandomModel.processed(9).withSaes(FEATURES);
    TextBatches text = TextBatches.of(text(random));
    List<Sae> saes = List.of(random.saes().attention(1));
    DashboardPass pass = pass(saes, OptionalInt.empty());
    Map<String, String> identity = Map.of("text", "one");
    Path kept = folder.resolve("pass");
    StatisticsFolder always = folder("run", identity, Duration.ZERO);
    pass.run(
        text,
        always,
        (done, total) -> {
          if (done == 2) {
            copy(folder.resolve("run/pass.statistics.safetensors"), kept);
          }
        });
    byte[] whole = bytes(folder.resolve("run/L1.z.statistics.safetensors"));
    Files.delete(folder.resolve("run/L1.z.statistics.safetensors"));
    copy(kept, folder.resolve("run/pass.statistics.safetensors"));
    Files.writeString(folder.resolve("run/.zlens-0.part"), "half a file");
    StatisticsFolder again = folder("run", identity, Duration.ZERO);
    pass.run(text, again, Progress.NONE);
    assertThat(again.batches()).isEqualTo(2);
    assertThat(bytes(folder.resolve("run/L1.z.statistics.safetensors"))).isEqualTo(whole);
    assertThat(folder.resolve("run/.zlens-0.part")).doesNotExist();
  }

  private static void copy(Path from, Path to) {
    try {
      Files.copy(from, to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void statisticsOfTheSameTextAreReadAndOthersAreNot() {
    random = RandomModel.processed(10).withSaes(FEATURES);
    TextBatches text = TextBatches.of(text(random));
    Sae sae = random.saes().attention(1);
    DashboardPass pass = pass(List.of(sae), OptionalInt.empty());
    List<FeatureStatistics> made =
        pass.run(text, folder("run", Map.of("text", "one"), Duration.ZERO), Progress.NONE);
    Optional<FeatureStatistics> found =
        folder("run", Map.of("text", "one"), Duration.ZERO).find(pass, sae);
    FeatureStatisticsTest.assertSame(found.orElseThrow(), made.get(0));
    assertThat(folder("run", Map.of("text", "two"), Duration.ZERO).find(pass, sae)).isEmpty();
    assertThat(
            folder("run", Map.of("text", "one"), Duration.ZERO)
                .find(pass, random.saes().attention(2)))
        .isEmpty();
  }

  /** Any byte of a file may be wrong; nothing but an error of kind DATA may come of it. */
  @Test
  void aBrokenFileIsAnError() throws IOException {
    random = RandomModel.processed(12).withSaes(4);
    TextBatches text = TextBatches.of(text(random));
    Sae sae = random.saes().attention(1);
    DashboardPass pass = pass(List.of(sae), OptionalInt.empty());
    Map<String, String> identity = Map.of("text", "one");
    pass.run(text, folder("run", identity, Duration.ZERO), Progress.NONE);
    Path file = folder.resolve("run/L1.z.statistics.safetensors");
    byte[] whole = bytes(file);
    Random flips = new Random(1);
    for (int i = 0; i < 300; i++) {
      byte[] broken = whole.clone();
      broken[flips.nextInt(broken.length)] ^= (byte) (1 << flips.nextInt(8));
      Files.write(file, i % 10 == 0 ? Arrays.copyOf(broken, flips.nextInt(broken.length)) : broken);
      try {
        folder("run", identity, Duration.ZERO)
            .find(pass, sae)
            .ifPresent(FeatureStatisticsTest::told);
      } catch (ZlensException e) {
        assertThat(e.kind()).isEqualTo(Kind.DATA);
      }
    }
  }
}
