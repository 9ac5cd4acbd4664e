package org.zlens.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.data.sprig.Mix;
import org.zlens.engine.data.sprig.SprigRows;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.model.LanguageModel;
import org.zlens.engine.model.ModelLoader;
import org.zlens.engine.model.WeightStep;
import org.zlens.engine.sae.Sae;
import org.zlens.engine.sae.SaeLoader;
import org.zlens.engine.sae.SaeReader;
import org.zlens.engine.sae.SaeWeights;

/** Whole trainings on the embedded model: what they write, and that a stop changes nothing. */
class SaeJobRunTest {
  private static final int BATCH = 128;
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

  private SaeJob job(NamedRecipe recipe, int steps, String folder, Location... sites) {
    long vectors = (long) steps * BATCH;
    Map<Location, SaeRecipe> recipes = new LinkedHashMap<>();
    for (Location at : sites) {
      int inputs = at.site().vectorWidth(model.config());
      recipes.put(
          at,
          recipe.of(
              new RecipeChoices(
                  96,
                  inputs,
                  vectors,
                  Optional.empty(),
                  Optional.empty(),
                  Optional.of(1e-3),
                  BATCH,
                  Optional.empty(),
                  3)));
    }
    SprigRows rows = SprigRows.of(5, Mix.standard()).from(32, 0);
    return new SaeJob(
        model,
        recipes,
        new SaeFeed(rows, 8, 512, 1),
        32,
        vectors,
        1,
        directory.resolve(folder),
        0,
        Map.of("dataset", "sprig text"));
  }

  private static List<SaeJobRun.Result> run(SaeJob job, boolean resume, long stopAt) {
    return SaeJobRun.run(
        job,
        resume,
        news -> {
          if (news.step() == stopAt) {
            throw new ZlensException(Kind.INTERRUPTED, "interrupted", null);
          }
        });
  }

  private static final Location Z = Location.of(Site.Z, 1);
  private static final Location MLP = Location.of(Site.MLP_OUT, 0);

  @ParameterizedTest
  @EnumSource(NamedRecipe.class)
  void everyRecipeWritesWhatItTrained(NamedRecipe recipe) {
    SaeJob job = job(recipe, 20, recipe.word(), Z);
    double[] first = {Double.NaN};
    double[] last = {Double.NaN};
    List<SaeJobRun.Result> results =
        SaeJobRun.run(
            job,
            false,
            news -> {
              double error = news.sites().get(Z).progress().error();
              first[0] = Double.isNaN(first[0]) ? error : first[0];
              last[0] = error;
            });
    if (!recipe.word().startsWith("paper")) {
      // These resample every few steps of so short a training, which sets them back.
      assertThat(last[0]).as("squared error").isLessThan(first[0]);
    }
    assertThat(results).hasSize(1);
    SaeJobRun.Result result = results.get(0);
    SaeWeights written = SaeReader.read(result.folder());
    assertThat(written.config().dSae()).isEqualTo(96);
    assertThat(written.config().source().notes())
        .containsEntry("trained_by", "zlens")
        .containsEntry("dataset", "sprig text")
        .containsKey("training_recipe");
    try (Sae sae = SaeLoader.load(result.folder())) {
      assertThat(sae.location()).isEqualTo(Z);
    }
    assertThat(result.quality().activeFeatures()).isPositive();
    assertThat(SaeJob.checkpoint(job.folder())).doesNotExist();
  }

  @ParameterizedTest
  @EnumSource(
      value = NamedRecipe.class,
      names = {"PAPER", "MATRYOSHKA", "GATED", "JUMPRELU"})
  void goesOnToTheSameBits(NamedRecipe recipe) throws IOException {
    run(job(recipe, 16, "whole", Z, MLP), false, -1);
    for (long stop : new long[] {3, 9, 15}) {
      SaeJob stopped = job(recipe, 16, "stopped", Z, MLP);
      boolean resume = stop > 3;
      assertThatThrownBy(() -> run(stopped, resume, stop)).hasMessage("interrupted");
      assertThat(SaeJob.checkpoint(stopped.folder())).exists();
    }
    run(job(recipe, 16, "stopped", Z, MLP), true, -1);
    for (Location at : List.of(Z, MLP)) {
      Path file = Path.of(at.canonical(), "sae_weights.safetensors");
      assertThat(directory.resolve("stopped").resolve(file))
          .hasSameBinaryContentAs(directory.resolve("whole").resolve(file));
    }
    assertThat(names(directory.resolve("stopped")))
        .containsExactlyInAnyOrder(
            Z.canonical(), MLP.canonical(), "training.html", "training.json");
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  /** The curves of a training that was stopped go on where they stopped, without a step twice. */
  @Test
  void itsPageTellsOfAllSteps() throws IOException {
    SaeJob job = job(NamedRecipe.PAPER, 120, "page", Z, MLP);
    Path page = job.folder().resolve("training.html");
    List<String> refreshes = new ArrayList<>();
    assertThatThrownBy(
            () ->
                SaeJobRun.run(
                    job,
                    false,
                    news -> {
                      if (news.step() == 1) {
                        refreshes.add(read(page));
                      } else if (news.step() == 70) {
                        throw new ZlensException(Kind.INTERRUPTED, "interrupted", null);
                      }
                    }))
        .hasMessage("interrupted");
    assertThat(refreshes.get(0)).contains("http-equiv=\"refresh\"", "running: step 1 of 120");
    assertThat(read(page))
        .doesNotContain("http-equiv=\"refresh\"")
        .contains("interrupted: step 70 of 120");
    run(job(NamedRecipe.PAPER, 120, "page", Z, MLP), true, -1);
    assertThat(read(page))
        .doesNotContain("http-equiv=\"refresh\"")
        .contains("finished: step 120 of 120", "dataset: sprig text");
    JsonNode numbers = new ObjectMapper().readTree(job.folder().resolve("training.json").toFile());
    assertThat(numbers.get("points").findValuesAsText("step"))
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 120).mapToObj(Integer::toString).toList());
    JsonNode last = numbers.get("points").get(119).get("sites").get(Z.canonical());
    assertThat(last.get("active").doubleValue()).isPositive();
    assertThat(last.get("recovered").isNumber()).isTrue();
    JsonNode first = numbers.get("points").get(0).get("sites").get(Z.canonical());
    assertThat(first.get("recovered").isNull()).isTrue();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void refusesBrokenNumbersOfItsCurves() throws IOException {
    SaeJob job = job(NamedRecipe.PAPER, 20, "broken", Z);
    assertThatThrownBy(() -> run(job, false, 5)).hasMessage("interrupted");
    for (String text : List.of("{", "[]", "{\"points\":null}", "{\"points\":[null]}")) {
      Files.writeString(job.folder().resolve("training.json"), text);
      assertThatThrownBy(() -> run(job(NamedRecipe.PAPER, 20, "broken", Z), true, -1))
          .isInstanceOf(ZlensException.class)
          .hasMessageContaining("does not hold the numbers of a training");
    }
    Files.delete(job.folder().resolve("training.json"));
    assertThat(run(job(NamedRecipe.PAPER, 20, "broken", Z), true, -1)).hasSize(1);
  }

  @Test
  void doesNotStartOverACheckpointUnasked() {
    assertThatThrownBy(() -> run(job(NamedRecipe.PAPER, 20, "one", Z), false, 5))
        .hasMessage("interrupted");
    assertThatThrownBy(() -> run(job(NamedRecipe.PAPER, 20, "one", Z), false, -1))
        .hasMessageContaining("holds a training that is not finished");
    assertThatThrownBy(() -> run(job(NamedRecipe.PAPER, 25, "one", Z), true, -1))
        .hasMessageContaining("is of another training: its vectors is 2560, now it is 3200");
    assertThatThrownBy(() -> run(job(NamedRecipe.TOPK, 20, "one", Z), true, -1))
        .hasMessageContaining("is of another training: its recipe at L1.z is SaeRecipe[");
  }

  @Test
  void refusesBrokenCheckpoints() throws IOException {
    SaeJob job = job(NamedRecipe.PAPER, 20, "broken", Z);
    assertThatThrownBy(() -> run(job, false, 5)).hasMessage("interrupted");
    Path file = SaeJob.checkpoint(job.folder());
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> run(job, true, -1))
        .isInstanceOfSatisfying(
            ZlensException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DATA));
    Files.writeString(file, "no checkpoint");
    assertThatThrownBy(() -> run(job, true, -1))
        .isInstanceOfSatisfying(
            ZlensException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DATA));
  }

  /** Where the SAEs cannot be written, the training is kept, and ends with the same bits later. */
  @Test
  void nothingIsLostWhereTheSaesCannotBeWritten() throws IOException {
    run(job(NamedRecipe.PAPER, 12, "whole", Z, MLP), false, -1);
    SaeJob job = job(NamedRecipe.PAPER, 12, "full", Z, MLP);
    Path inTheWay = job.folder(Z);
    Files.createDirectories(inTheWay.getParent());
    Files.writeString(inTheWay, "a file where the folder should be");
    assertThatThrownBy(() -> run(job, false, -1))
        .isInstanceOf(ZlensException.class)
        .hasMessageContaining("cannot be written")
        .satisfies(e -> assertThat(((ZlensException) e).hint()).startsWith("nothing is lost"));
    assertThat(SaeJob.checkpoint(job.folder())).exists();
    Files.delete(inTheWay);
    run(job, true, -1);
    for (Location at : List.of(Z, MLP)) {
      Path file = Path.of(at.canonical(), "sae_weights.safetensors");
      assertThat(directory.resolve("full").resolve(file))
          .hasSameBinaryContentAs(directory.resolve("whole").resolve(file));
    }
    assertThat(SaeJob.checkpoint(job.folder())).doesNotExist();
  }
}
