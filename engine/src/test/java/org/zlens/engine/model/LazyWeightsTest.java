package org.zlens.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.engine.Fixtures;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.io.Safetensors;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/** Weights are read when a pass first comes to them, and checked then as they would be before. */
class LazyWeightsTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void copyOfTinyModel() throws Exception {
    Path from = Fixtures.path("gpt2-tiny/hf");
    Files.copy(from.resolve("config.json"), folder.resolve("config.json"));
    file = Files.copy(from.resolve("model.safetensors"), folder.resolve("model.safetensors"));
  }

  private LanguageModel open() {
    return ModelLoader.load(folder.toString(), WeightStep.all());
  }

  private static void capture(LanguageModel model, int layer) {
    try (Scope scope = Scope.open()) {
      Tensor tokens = Tensor.of(new long[] {1, 2, 3}, 1, 3);
      Hooks hooks = Hooks.none().capture(Location.of(Site.Z, layer)).withoutLogits();
      model.transformer().forward(tokens, hooks);
    }
  }

  @Test
  void openingReadsNothingAndCapturingALayerThoseUpToIt() {
    try (LanguageModel model = open()) {
      Weights weights = model.transformer().weights();
      assertThat(weights.bytes()).isZero();
      capture(model, 0);
      assertThat(weights.isMade(0)).isTrue();
      assertThat(weights.isMade(1)).isFalse();
      assertThat(weights.isMade()).isFalse();
      long some = weights.bytes();
      assertThat(weights.tensors()).allSatisfy(one -> assertThat(one.isClosed()).isFalse());
      assertThat(weights.isMade()).isTrue();
      long all = weights.tensors().stream().mapToLong(Tensor::byteCount).sum();
      assertThat(weights.bytes()).isEqualTo(all).isGreaterThan(some);
    }
  }

  @Test
  void anUnembeddingThatIsTheEmbeddingTakesNoMemoryOfItsOwn() {
    try (LanguageModel model = ModelLoader.load(folder.toString(), Set.of())) {
      Weights weights = model.transformer().weights();
      long all = weights.tensors().stream().mapToLong(Tensor::byteCount).sum();
      assertThat(Weights.isTranspose(weights.wU(), weights.wE())).isTrue();
      assertThat(weights.bytes()).isEqualTo(all - weights.wU().byteCount());
    }
  }

  @Test
  void valuesThatAreNotFiniteAreFoundWhereTheyAreFirstNeeded() throws Exception {
    long at;
    try (Safetensors weights = Safetensors.open(file)) {
      at = weights.offset(name(weights, "h.1.mlp.c_fc.weight"));
    }
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(at);
      bytes.write(new byte[] {0, 0, (byte) 0xC0, 0x7F});
    }
    try (LanguageModel model = open()) {
      capture(model, 0);
      for (int attempt = 0; attempt < 2; attempt++) {
        assertThatThrownBy(() -> capture(model, 1))
            .isInstanceOfSatisfying(
                ZlensException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DATA))
            .hasMessageContaining("h.1.mlp.c_fc.weight")
            .hasMessageContaining("1 values that are not finite");
        assertThat(model.transformer().weights().isMade(1)).isFalse();
      }
      capture(model, 0);
    }
  }

  private static String name(Safetensors file, String ending) {
    return file.names().stream().filter(one -> one.endsWith(ending)).findFirst().orElseThrow();
  }

  @Test
  void aFileThatChangedMeanwhileIsRefused() throws Exception {
    try (LanguageModel model = open()) {
      capture(model, 0);
      FileTime later = FileTime.fromMillis(Files.getLastModifiedTime(file).toMillis() + 5000);
      Files.setLastModifiedTime(file, later);
      refusesChanged(model);
    }
  }

  @Test
  void aFileThatWasCutOrTakenAwayMeanwhileIsRefused() throws Exception {
    try (LanguageModel model = open()) {
      capture(model, 0);
      try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
        bytes.setLength(bytes.length() / 2);
      }
      refusesChanged(model);
      Files.delete(file);
      assertThatThrownBy(() -> capture(model, 1))
          .isInstanceOf(ZlensException.class)
          .hasMessageContaining("no such file");
    }
  }

  private static void refusesChanged(LanguageModel model) {
    assertThatThrownBy(() -> capture(model, 1))
        .isInstanceOfSatisfying(
            ZlensException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DATA))
        .hasMessageContaining("model.safetensors' has changed since it was opened");
    capture(model, 0);
  }

  @Test
  void shapesAreCheckedWhenAModelIsOpened() throws Exception {
    Path config = folder.resolve("config.json");
    String text = Files.readString(config);
    Files.writeString(
        config,
        text.replaceAll("\"n_positions\": *\\d+", "\"n_positions\": 7")
            .replaceAll("\"n_ctx\": *\\d+", "\"n_ctx\": 7"));
    assertThatThrownBy(this::open)
        .isInstanceOf(ZlensException.class)
        .hasMessageContaining("where the configuration asks for [7, ");
  }

  @Test
  void ofSeveralThreadsOneReads() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (LanguageModel model = open()) {
      Weights weights = model.transformer().weights();
      List<Future<BlockWeights>> all =
          threads.invokeAll(java.util.Collections.nCopies(16, () -> weights.blocks().get(1)));
      for (Future<BlockWeights> one : all) {
        assertThat(one.get()).isSameAs(weights.blocks().get(1));
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void freedWeightsAreNotReadAgain() {
    LanguageModel model = open();
    model.close();
    assertThatThrownBy(() -> model.transformer().weights().wE())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the weights were freed already");
  }
}
