package org.zlens.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.zlens.engine.TensorAssert.assertClose;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zlens.engine.Fixtures;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.io.AtomicFile;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/** Processed weights come back from the cache as they were, and never from what is not them. */
class WeightCacheTest {
  private static final long LIMIT = 1L << 30;

  @TempDir private Path directory;
  private Path folder;
  private WeightCache cache;

  @BeforeEach
  void emptyCache() {
    folder = directory.resolve("weights");
    cache = new WeightCache(folder, LIMIT, 0);
  }

  private static LanguageModel load(String model, Set<WeightStep> steps, WeightCache cache) {
    return ModelLoader.load(model, Fixtures.path(model), steps, cache, Progress.NONE);
  }

  /** All numbers of a model, made through a cache. */
  private static List<float[]> numbers(String model, WeightCache cache) {
    try (Scope scope = Scope.open();
        LanguageModel loaded = load(model, WeightStep.all(), cache)) {
      List<float[]> all = new ArrayList<>();
      loaded.transformer().weights().tensors().forEach(one -> all.add(one.floats()));
      Tensor tokens = Tensor.of(new long[] {1, 2, 3, 4}, 1, 4);
      all.add(loaded.transformer().forward(tokens, Hooks.none()).logits().floats());
      return all;
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(one -> one.toString().endsWith(".safetensors")).sorted().toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2-tiny/hf", "gelu2l-tiny", "gemma-tiny/hf-bf16", "llama-tiny/hf"})
  void whatComesBackIsWhatWasMade(String model) throws IOException {
    List<float[]> made = numbers(model, WeightCache.NONE);
    List<float[]> first = numbers(model, cache);
    List<Path> files = files();
    assertThat(files).isNotEmpty();
    Map<Path, FileTime> times = times(files);
    List<float[]> second = numbers(model, cache);
    assertThat(times(files())).as("nothing was written again").isEqualTo(times);
    for (List<float[]> other : List.of(first, second)) {
      assertThat(other).hasSameSizeAs(made);
      for (int i = 0; i < made.size() - 1; i++) {
        assertThat(other.get(i)).containsExactly(made.get(i));
      }
      assertClose("logits", other.get(made.size() - 1), made.get(made.size() - 1), 1e-6);
    }
  }

  private static Map<Path, FileTime> times(List<Path> files) throws IOException {
    Map<Path, FileTime> times = new java.util.TreeMap<>();
    for (Path file : files) {
      times.put(file, Files.getLastModifiedTime(file));
    }
    return times;
  }

  @Test
  void aPartIsKeptWhenItIsFirstUsed() throws IOException {
    try (LanguageModel model = load("gpt2-tiny/hf", WeightStep.all(), cache)) {
      assertThat(folder).doesNotExist();
      model.transformer().weights().blocks().get(1);
      assertThat(files())
          .extracting(file -> file.getFileName().toString())
          .containsExactly("block-1.safetensors");
    }
  }

  @Test
  void damagedFilesAreMadeAgain() throws IOException {
    List<float[]> made = numbers("gpt2-tiny/hf", cache);
    for (Path file : files()) {
      byte[] whole = Files.readAllBytes(file);
      long[] places = {3, 40, whole.length / 2, whole.length - 1};
      for (long place : places) {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
          bytes.seek(place);
          int before = bytes.read();
          bytes.seek(place);
          bytes.write(before ^ 0x41);
        }
        requireMadeAgain(made, file, whole);
      }
      Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 8));
      requireMadeAgain(made, file, whole);
      Files.write(file, new byte[0]);
      requireMadeAgain(made, file, whole);
    }
  }

  private void requireMadeAgain(List<float[]> made, Path file, byte[] whole) throws IOException {
    List<float[]> again = numbers("gpt2-tiny/hf", cache);
    for (int i = 0; i < made.size() - 1; i++) {
      assertThat(again.get(i)).as("tensor %d", i).containsExactly(made.get(i));
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(whole);
  }

  @Test
  void aPartIsNotTakenForAnother() throws IOException {
    List<float[]> made = numbers("gpt2-tiny/hf", cache);
    Path first = files().get(0);
    Path second = files().get(1);
    assertThat(first).hasFileName("block-0.safetensors");
    assertThat(second).hasFileName("block-1.safetensors");
    byte[] whole = Files.readAllBytes(second);
    Files.copy(first, second, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    requireMadeAgain(made, second, whole);
  }

  @Test
  void otherFilesAndOtherStepsHaveFoldersOfTheirOwn() throws IOException {
    numbers("gpt2-tiny/hf", cache);
    numbers("gemma-tiny/hf", cache);
    Set<WeightStep> some = EnumSet.of(WeightStep.CENTER_WRITING_WEIGHTS);
    try (LanguageModel model = load("gpt2-tiny/hf", some, cache)) {
      model.transformer().weights().wE();
    }
    try (LanguageModel model = load("gpt2-tiny/hf", Set.of(), cache)) {
      model.transformer().weights().tensors();
    }
    assertThat(files().stream().map(Path::getParent).distinct())
        .as("weights as stored need no cache")
        .hasSize(3);
  }

  @Test
  void whatIsChangedInMemoryDoesNotReachTheFile() throws IOException {
    numbers("gpt2-tiny/hf", cache);
    byte[] before = Files.readAllBytes(files().get(0));
    try (Scope scope = Scope.open();
        LanguageModel model = load("gpt2-tiny/hf", WeightStep.all(), cache)) {
      Tensor weight = model.transformer().weights().blocks().get(0).wQ();
      weight.write(buffer -> buffer.putFloat(12345));
      assertThat(weight.select(0, 0).select(0, 0).item()).isEqualTo(12345);
    }
    assertThat(Files.readAllBytes(files().get(0))).isEqualTo(before);
  }

  @Test
  void modelsThatWereUsedLongestAgoMakeRoom() throws IOException {
    numbers("gpt2-tiny/hf", cache);
    long one = bytes();
    Path old = files().get(0).getParent();
    Files.setLastModifiedTime(old, FileTime.fromMillis(1000));
    numbers("gelu2l-tiny", cache);
    assertThat(old).exists();
    long other = bytes() - one;
    WeightCache small = new WeightCache(folder, 3 * Math.max(one, other), 0);
    numbers("llama-tiny/hf", small);
    numbers("gemma-tiny/hf", small);
    assertThat(bytes()).isLessThanOrEqualTo(3 * Math.max(one, other));
    WeightCache tiny = new WeightCache(folder, one, 0);
    List<Path> before = files();
    numbers("gpt2-tiny/hf", tiny);
    assertThat(files()).as("a model of more than half of the limit").isEqualTo(before);
  }

  private long bytes() throws IOException {
    long bytes = 0;
    for (Path file : files()) {
      bytes += Files.size(file);
    }
    return bytes;
  }

  /** Processes that open one model at the same time neither wait for nor spoil each other. */
  @Test
  void manyMayFillItAtOnce() throws Exception {
    List<float[]> made = numbers("gpt2-tiny/hf", WeightCache.NONE);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<List<float[]>>> all = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        // Each with a cache of its own, as processes have.
        WeightCache own = new WeightCache(folder, LIMIT, 0);
        all.add(threads.submit(() -> numbers("gpt2-tiny/hf", own)));
      }
      for (Future<List<float[]>> one : all) {
        List<float[]> found = one.get();
        for (int i = 0; i < made.size() - 1; i++) {
          assertThat(found.get(i)).containsExactly(made.get(i));
        }
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(files()).hasSize(5);
    try (Stream<Path> left = Files.list(files().get(0).getParent())) {
      assertThat(left).noneMatch(file -> file.toString().endsWith(AtomicFile.PART));
    }
    Map<Path, FileTime> times = times(files());
    numbers("gpt2-tiny/hf", cache);
    assertThat(times(files())).as("all was kept").isEqualTo(times);
  }

  @Test
  void whatOthersAreWritingStaysAndWhatTheyLeftGoes() throws IOException {
    numbers("gpt2-tiny/hf", cache);
    Path own = files().get(0).getParent();
    Path young = Files.writeString(own.resolve(".zlens-1" + AtomicFile.PART), "being written");
    Path old = Files.writeString(own.resolve(".zlens-2" + AtomicFile.PART), "left");
    Files.setLastModifiedTime(old, FileTime.fromMillis(1000));
    Files.delete(files().get(0));
    numbers("gpt2-tiny/hf", cache);
    assertThat(young).exists();
    assertThat(old).doesNotExist();
  }

  @Test
  void aCacheThatCannotBeWrittenIsNone() throws IOException {
    Files.writeString(folder, "in the way");
    assertThat(numbers("gpt2-tiny/hf", cache)).isNotEmpty();
    assertThat(folder).hasContent("in the way");
  }

  @Test
  void theFolderIsTheUsers() {
    assertThat(WeightCache.ofUser(Map.of("ZLENS_WEIGHT_CACHE", " ")::get))
        .isSameAs(WeightCache.NONE);
    assertThat(WeightCache.ofUser(Map.<String, String>of()::get)).isSameAs(WeightCache.NONE);
    assertThat(WeightCache.ofUser(Map.of("ZLENS_WEIGHT_CACHE", "/w", "HOME", "/h")::get))
        .hasToString("/w");
    assertThat(WeightCache.ofUser(Map.of("XDG_CACHE_HOME", "/x", "HOME", "/h")::get))
        .hasToString("/x/zlens/weights");
    assertThat(WeightCache.ofUser(Map.of("HOME", "/h")::get))
        .hasToString("/h/.cache/zlens/weights");
  }
}
