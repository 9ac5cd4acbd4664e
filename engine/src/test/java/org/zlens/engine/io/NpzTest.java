package org.zlens.engine.io;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.engine.Fixtures;

class NpzTest {
  @TempDir Path folder;

  @Test
  void readsEveryOrderAndTypeExactly() throws IOException {
    JsonNode golden =
        new ObjectMapper().readTree(Files.readAllBytes(Fixtures.path("saes/formats/arrays.json")));
    try (TensorFile file = TensorFile.open(Fixtures.path("saes/formats/arrays.npz"))) {
      assertThat(file).isInstanceOf(Npz.class);
      assertThat(file.names()).hasSize(golden.size());
      for (Map.Entry<String, JsonNode> expected : golden.properties()) {
        ArrayGolden.check(file, expected.getKey(), expected.getValue());
      }
    }
  }

  @Test
  void readsCompressedArraysLikeStoredOnes() {
    try (TensorFile stored = TensorFile.open(Fixtures.path("saes/broken/npz/healthy.npz"));
        TensorFile packed =
            TensorFile.open(Fixtures.path("saes/broken/npz/healthy_compressed.npz"))) {
      assertThat(packed.names()).isEqualTo(stored.names());
      for (String name : stored.names()) {
        assertThat(packed.floats(name)).isEqualTo(stored.floats(name));
      }
    }
  }

  @Test
  void writesWhatItReads() throws IOException {
    float[] values = new float[200_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = i / 3f;
    }
    Path path = folder.resolve("own.npz");
    NpzWriter writer =
        new NpzWriter()
            .add("matrix", new long[] {200, 1000}, values)
            .add("scalar", new long[0], new float[] {1.5f})
            .addLongs("ids", new long[] {3}, new long[] {1, -2, Long.MIN_VALUE});
    writer.write(path);
    byte[] first = Files.readAllBytes(path);
    writer.write(path);
    assertThat(Files.readAllBytes(path)).isEqualTo(first);
    try (Npz file = Npz.open(path)) {
      assertThat(file.floats("matrix")).isEqualTo(values);
      assertThat(file.info("matrix").shape()).containsExactly(200, 1000);
      assertThat(file.floats("scalar")).containsExactly(1.5f);
      assertThat(file.readLongs("ids")).containsExactly(1, -2, Long.MIN_VALUE);
    }
  }
}
