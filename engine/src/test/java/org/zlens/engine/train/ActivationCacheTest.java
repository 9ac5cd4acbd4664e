package org.zlens.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.engine.data.sprig.Mix;
import org.zlens.engine.data.sprig.SprigRows;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.model.LanguageModel;
import org.zlens.engine.model.ModelLoader;
import org.zlens.engine.model.WeightStep;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/** Trainings whose passes are kept in files end with the bits of those without. */
class ActivationCacheTest {
  private static final int BATCH = 64;
  private static final int STEPS = 6;
  private static final long PLENTY = 1L << 30;
  private static LanguageModel model;

  @TempDir private Path directory;

  @BeforeAll
  static void load() {
    Assumptions.assumeTrue(ModelLoader.hasSprig(), "this build has no embedded model");
    model = ModelLoader.load(ModelLoader.SPRIG, WeightStep.all());
  }

  @AfterAll
  static void close() {
    if (model != null) {
      model.close();
    }
  }

  private ActivationCache cache(long limit) {
    return new ActivationCache(directory.resolve("acts"), limit, model);
  }

  private static List<float[]> train(ActivationCache cache) {
    return train(cache, Location.of(Site.Z, 0), Location.of(Site.RESID_PRE, 1));
  }

  /** Weights after a few steps. */
  private static List<float[]> train(ActivationCache cache, Location... sites) {
    Map<Location, SaeRecipe> recipes = new LinkedHashMap<>();
    for (Location at : sites) {
      recipes.put(
          at,
          NamedRecipe.PAPER.of(
              new RecipeChoices(
                  48,
                  at.site().vectorWidth(model.config()),
                  (long) STEPS * BATCH,
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty(),
                  BATCH,
                  Optional.empty(),
                  3)));
    }
    SprigRows rows = SprigRows.of(5, Mix.standard()).from(16, 0);
    SaeFeed feed = new SaeFeed(rows, 4, 128, 1, Optional.ofNullable(cache));
    List<float[]> weights = new ArrayList<>();
    try (Scope scope = Scope.open();
        SaeTraining training = new SaeTraining(model.transformer(), recipes, feed, 1)) {
      training.run((long) STEPS * BATCH, (step, steps, progress) -> {});
      for (Location at : sites) {
        for (Tensor tensor : training.trainers().get(at).tensors().values()) {
          weights.add(tensor.floats());
        }
      }
    }
    return weights;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("acts"))) {
      return files.sorted().toList();
    }
  }

  private static void assertSame(List<float[]> actual, List<float[]> expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.size(); i++) {
      assertThat(actual.get(i)).as("tensor %d", i).isEqualTo(expected.get(i));
    }
  }

  @Test
  void theSecondTrainingComputesNothing() throws IOException {
    List<float[]> without = train(null);
    ActivationCache first = cache(PLENTY);
    assertSame(train(first), without);
    assertThat(first.read()).isZero();
    assertThat(files()).hasSize(first.computed());
    ActivationCache second = cache(PLENTY);
    assertSame(train(second), without);
    assertThat(second.computed()).isZero();
    assertThat(second.read()).isEqualTo(first.computed());
    assertThat(second.summary())
        .isEqualTo("cache: " + second.read() + " forward passes read, 0 computed");
  }

  @Test
  void otherSitesAreOtherPasses() {
    train(cache(PLENTY));
    ActivationCache other = cache(PLENTY);
    train(other, Location.of(Site.Z, 0));
    assertThat(other.read()).isZero();
  }

  /** Cut short, with a bit changed, emptied, replaced by another pass, far too large, no file. */
  @Test
  void damagedFilesAreMadeAgain() throws IOException {
    List<float[]> without = train(null);
    train(cache(PLENTY));
    List<Path> files = files();
    List<byte[]> before = new ArrayList<>();
    for (Path file : files) {
      before.add(Files.readAllBytes(file));
    }
    byte[] whole = before.get(0);
    Files.write(files.get(0), Arrays.copyOf(whole, whole.length / 2));
    byte[] flipped = before.get(1).clone();
    flipped[flipped.length - 7] ^= 4;
    Files.write(files.get(1), flipped);
    Files.write(files.get(2), new byte[0]);
    Files.write(files.get(3), before.get(4));
    Files.write(files.get(4), new byte[4 << 20]);
    ActivationCache cache = cache(PLENTY);
    assertSame(train(cache), without);
    assertThat(cache.damaged()).isEqualTo(5);
    assertThat(cache.computed()).isEqualTo(5);
    assertThat(cache.summary()).contains("5 replace damaged files");
    for (int i = 0; i < files.size(); i++) {
      assertThat(files.get(i)).hasBinaryContent(before.get(i));
    }
  }

  @Test
  void itStopsAtItsLimit() throws IOException {
    List<float[]> without = train(null);
    ActivationCache small = cache(300_000);
    assertSame(train(small), without);
    long bytes = 0;
    for (Path file : files()) {
      bytes += Files.size(file);
    }
    assertThat(bytes).isPositive().isLessThanOrEqualTo(300_000);
    assertThat(small.summary()).endsWith("not kept since it is full");
    // What is there already counts.
    ActivationCache again = cache(bytes);
    assertSame(train(again), without);
    assertThat(again.read()).isEqualTo(files().size());
  }

  @Test
  void withoutRoomTheTrainingGoesOn() throws IOException {
    Files.writeString(directory.resolve("acts"), "no folder");
    ActivationCache cache = cache(PLENTY);
    assertSame(train(cache), train(null));
    assertThat(cache.summary()).contains("not kept (").contains("cannot be written");
  }
}
