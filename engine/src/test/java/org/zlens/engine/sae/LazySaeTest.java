package org.zlens.engine.sae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zlens.engine.Fixtures;
import org.zlens.engine.ZlensException;
import org.zlens.engine.io.FileHash;
import org.zlens.engine.io.Safetensors;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/** SAEs whose weights stay in their file until they are used. */
class LazySaeTest {
  private static final String FOLDER = "saes/saelens-v6/blocks.1.attn.hook_z";

  @TempDir Path temp;

  private Path copy() throws IOException {
    Path folder = Files.createDirectory(temp.resolve("sae"));
    try (Stream<Path> files = Files.list(Fixtures.path(FOLDER))) {
      for (Path file : files.toList()) {
        Files.write(folder.resolve(file.getFileName().toString()), Files.readAllBytes(file));
      }
    }
    return folder;
  }

  private static Path weights(Path folder) {
    return folder.resolve(SaeLensFormat.WEIGHTS);
  }

  /** Formats that scale, transpose or fold their weights among them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        FOLDER,
        "saes/saelens-v3",
        "saes/scaling-factor-v5",
        "saes/norm-expected-v6",
        "saes/gated-v6",
        "saes/jumprelu-v6",
        "saes/topk-rescaled-v6",
        "saes/bf16-weights-v5",
        "saes/residual-bloom",
        "saes/ckkissane"
      })
  void firstUseReadsTheWeights(String name) throws IOException {
    Path path = sae(Fixtures.path(name));
    SaeWeights eager = SaeReader.read(path);
    try (Scope scope = Scope.open();
        Sae lazy = SaeLoader.load(path);
        Sae whole = eager.toSae()) {
      assertThat(lazy.isLoaded()).isFalse();
      assertThat(whole.isLoaded()).isTrue();
      assertThat(lazy.features()).isEqualTo(whole.features());
      assertThat(lazy.width()).isEqualTo(whole.width());
      assertThat(lazy.isLoaded()).isFalse();
      assertThat(lazy.wEnc().floats()).isEqualTo(whole.wEnc().floats());
      assertThat(lazy.isLoaded()).isTrue();
      int last = lazy.features() - 1;
      float[] some = lazy.directions(last, 1, last).floats();
      assertThat(some).isEqualTo(whole.directions(last, 1, last).floats());
      assertThat(lazy.directions(2, 1).floats()).isEqualTo(whole.directions(2, 1).floats());
      assertThat(lazy.wDec().floats()).isEqualTo(whole.wDec().floats());
      Tensor x = Tensor.full(0.3, 2, lazy.width());
      assertThat(lazy.encode(x).floats()).isEqualTo(whole.encode(x).floats());
    }
  }

  /** The first SAE at or below a path. */
  private static Path sae(Path path) throws IOException {
    try (Stream<Path> all = Files.walk(path)) {
      return all.filter(SaeReader::isSae).sorted().findFirst().orElseThrow();
    }
  }

  @Test
  void theDigestIsTakenWithTheWeights() throws IOException {
    Path folder = copy();
    LoadedSae loaded = SaeLoader.load(folder, null);
    try (Sae sae = loaded.sae()) {
      assertThat(loaded.config().source().digest().ifKnown()).isEmpty();
      sae.wEnc();
      assertThat(loaded.config().source().digest().ifKnown())
          .contains(FileHash.sha256(weights(folder)));
    }
  }

  @Test
  void directionsAreReadAsTheyAreNeeded() {
    try (Scope scope = Scope.open();
        Sae sae = SaeLoader.load(Fixtures.path(FOLDER))) {
      long all = sae.bytes();
      long row = (long) sae.width() * Float.BYTES;
      sae.encode(Tensor.full(0.3, 2, sae.width()));
      assertThat(sae.bytes()).isEqualTo(all - sae.features() * row);
      sae.directions(7, 3);
      sae.directions(3);
      assertThat(sae.bytes()).isEqualTo(all - (sae.features() - 2) * row);
      sae.directions(IntStream.range(0, sae.features() / 2).toArray());
      assertThat(sae.bytes()).isEqualTo(all);
    }
  }

  @Test
  void directionsOfAFileThatIsGoneAreRefused() throws IOException {
    Path folder = copy();
    try (Scope scope = Scope.open();
        Sae sae = SaeLoader.load(folder)) {
      float[] read = sae.directions(3).floats();
      Files.delete(weights(folder));
      assertThat(sae.directions(3).floats()).isEqualTo(read);
      assertThatThrownBy(() -> sae.directions(4))
          .isInstanceOf(ZlensException.class)
          .hasMessageContaining(SaeLensFormat.WEIGHTS);
    }
  }

  @Test
  void valuesThatAreNotFiniteShowAtFirstUse() throws IOException {
    Path folder = copy();
    poison(weights(folder), "W_dec", Float.NaN);
    try (Scope scope = Scope.open();
        Sae sae = SaeLoader.load(folder)) {
      assertThat(sae.directions(1).floats()).doesNotContain(Float.NaN);
      assertThatThrownBy(() -> sae.directions(1, 0))
          .isInstanceOf(ZlensException.class)
          .hasMessageContaining(SaeLensFormat.WEIGHTS)
          .hasMessageContaining("tensor 'W_dec' holds 1 value that is not finite, the first NaN");
      assertThatThrownBy(sae::wDec)
          .hasMessageContaining("tensor 'W_dec' holds 1 value that is not finite, the first NaN");
    }
    assertThatThrownBy(() -> SaeReader.read(folder)).hasMessageContaining("not finite");
  }

  @Test
  void aFileThatChangedIsRefused() throws IOException {
    Path folder = copy();
    LoadedSae loaded = SaeLoader.load(folder, null);
    try (Sae sae = loaded.sae()) {
      poison(weights(folder), "W_enc", 5);
      Files.setLastModifiedTime(weights(folder), FileTime.fromMillis(1_000_000));
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(sae::wDec)
            .hasMessageContaining(SaeLensFormat.WEIGHTS)
            .hasMessageContaining("has changed since it was opened");
      }
      assertThatThrownBy(loaded::sha256).hasMessageContaining("has changed");
    }
  }

  @Test
  void aFileThatIsGoneIsNamed() throws IOException {
    Path folder = copy();
    try (Sae sae = SaeLoader.load(folder)) {
      Files.delete(weights(folder));
      assertThatThrownBy(sae::wDec)
          .isInstanceOf(ZlensException.class)
          .hasMessageContaining(SaeLensFormat.WEIGHTS);
    }
  }

  /** What needs no weights still fails at once. */
  @Test
  void shapesAreCheckedWhenItIsOpened() throws IOException {
    Path folder = copy();
    Path cfg = folder.resolve(SaeLensFormat.SETTINGS);
    String text = Files.readString(cfg);
    Files.writeString(cfg, text.replaceFirst("\"d_sae\": *\\d+", "\"d_sae\": 7"));
    assertThatThrownBy(() -> SaeLoader.load(folder))
        .isInstanceOf(ZlensException.class)
        .hasMessageContaining("has the shape");
  }

  @Test
  void matricesInMemoryScale() {
    SaeMatrix matrix = SaeMatrix.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    assertThat(matrix.rowsScaled(new float[] {1, 10}).scaled(2).values())
        .containsExactly(2, 4, 6, 80, 100, 120);
    assertThat(List.of(matrix.rows(), matrix.columns())).containsExactly(2, 3);
    assertThat(matrix.read()).isSameAs(matrix);
  }

  private static void poison(Path file, String tensor, float value) throws IOException {
    long offset;
    try (Safetensors open = Safetensors.open(file);
        FileChannel channel = FileChannel.open(file)) {
      ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
      channel.read(length, 0);
      offset = 8 + length.getLong(0);
      for (String name : open.names()) {
        if (name.equals(tensor)) {
          break;
        }
        offset += open.info(name).count() * Float.BYTES;
      }
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(value);
      channel.write(bytes.flip(), offset);
    }
  }
}
