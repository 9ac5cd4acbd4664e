package org.zlens.engine.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.engine.Fixtures;
import org.zlens.engine.ZlensException;

class SafetensorsTest {
  @TempDir Path folder;

  @Test
  void readsEveryTypeExactly() throws IOException {
    JsonNode golden =
        new ObjectMapper()
            .readTree(Files.readAllBytes(Fixtures.path("saes/formats/dtypes.json")))
            .get("tensors");
    try (Safetensors file = Safetensors.open(Fixtures.path("saes/formats/dtypes.safetensors"))) {
      assertThat(file.metadata()).containsExactly(Map.entry("note", "h\u00e9llo"));
      assertThat(file.names()).hasSize(golden.size());
      for (Map.Entry<String, JsonNode> expected : golden.properties()) {
        String name = expected.getKey();
        ArrayGolden.check(file, name, expected.getValue());
      }
    }
  }

  @Test
  void readsWholeAndInPartsIntoDirectBuffers() {
    Path path = Fixtures.path("gpt2-tiny/golden.safetensors");
    try (Safetensors file = Safetensors.open(path)) {
      float[] all = file.floats("hf_logits");
      ByteBuffer direct = ByteBuffer.allocateDirect(8 + all.length * 4);
      direct.order(ByteOrder.nativeOrder()).position(8);
      assertThat(file.readFloats("hf_logits", direct)).isZero();
      assertThat(direct.hasRemaining()).isFalse();
      FloatBuffer values = direct.position(8).asFloatBuffer();
      assertThat(values.get(all.length - 1)).isEqualTo(all[all.length - 1]);
      ByteBuffer part = ByteBuffer.allocate(12).order(ByteOrder.nativeOrder());
      file.readFloats("hf_logits", 7, 3, part);
      assertThat(part.getFloat(4)).isEqualTo(all[8]);
      assertThat(file.info("tokens").type()).isEqualTo(ElementType.I64);
      assertThat(file.readLongs("tokens")[0]).isEqualTo(210);
    }
  }

  @Test
  void refusesWhatIsNotThere() {
    Path path = Fixtures.path("gpt2-tiny/golden.safetensors");
    try (Safetensors file = Safetensors.open(path)) {
      assertThatThrownBy(() -> file.info("logits"))
          .isInstanceOf(ZlensException.class)
          .hasMessageContaining("has no tensor 'logits'");
      assertThatThrownBy(() -> file.readLongs("hf_logits")).hasMessageContaining("F32");
    }
    assertThatThrownBy(() -> Safetensors.open(folder.resolve("none")))
        .hasMessageContaining("no such file");
    assertThatThrownBy(() -> Safetensors.open(folder)).hasMessageContaining("is a folder");
  }

  @Test
  void countsValuesThatAreNotFinite() {
    Path path = folder.resolve("odd.safetensors");
    float[] values = {1, Float.NaN, Float.POSITIVE_INFINITY, -2};
    new SafetensorsWriter().add("x", new long[] {4}, values).write(path);
    try (Safetensors file = Safetensors.open(path)) {
      ByteBuffer target = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
      assertThat(file.readFloats("x", target)).isEqualTo(2);
    }
  }

  @Test
  void writesWhatItReads() throws IOException {
    Path path = folder.resolve("deeper/own.safetensors");
    float[] values = new float[300_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(i) * 100;
    }
    SafetensorsWriter writer =
        new SafetensorsWriter()
            .metadata("format", "pt")
            .add("half", ElementType.F16, new long[] {300_000}, FloatBuffer.wrap(values))
            .add("full", new long[] {300, 1000}, values)
            .add("scalar", new long[0], new float[] {2.5f})
            .addLongs("ids", new long[] {2}, new long[] {-1, Long.MAX_VALUE});
    writer.write(path);
    byte[] first = Files.readAllBytes(path);
    writer.write(path);
    assertThat(Files.readAllBytes(path)).isEqualTo(first);
    try (Safetensors file = Safetensors.open(path)) {
      assertThat(file.metadata()).containsEntry("format", "pt");
      assertThat(file.floats("full")).isEqualTo(values);
      assertThat(file.floats("scalar")).containsExactly(2.5f);
      assertThat(file.readLongs("ids")).containsExactly(-1, Long.MAX_VALUE);
      float[] half = file.floats("half");
      for (int i = 0; i < values.length; i += 997) {
        assertThat(half[i]).isCloseTo(values[i], within(Math.abs(values[i]) / 2048 + 1e-7f));
      }
    }
    try (var files = Files.list(path.getParent())) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void refusesToWriteValuesBeyondHalfPrecision() {
    SafetensorsWriter writer =
        new SafetensorsWriter()
            .add("x", ElementType.F16, new long[] {1}, FloatBuffer.wrap(new float[] {1e6f}));
    assertThatThrownBy(() -> writer.write(folder.resolve("x.safetensors")))
        .isInstanceOf(ZlensException.class)
        .hasMessageContaining("beyond the range of F16");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aHeaderOfAnyLengthIsNotTakenForAPickle() throws IOException {
    for (int padding = 0; padding < 700; padding += 8) {
      Path path = folder.resolve("padded.safetensors");
      new SafetensorsWriter()
          .metadata("padding", "x".repeat(padding))
          .add("a", new long[] {1}, new float[] {padding})
          .write(path);
      try (TensorFile file = TensorFile.open(path)) {
        assertThat(file.floats("a")).containsExactly(padding);
      }
    }
  }

  @Test
  void readsALargeTensorThroughASmallWindow() {
    int count = 1 << 23;
    float[] values = new float[count];
    values[count - 1] = 3;
    Path path = folder.resolve("large.safetensors");
    new SafetensorsWriter()
        .add("half", ElementType.F16, new long[] {count}, FloatBuffer.wrap(values))
        .add("full", new long[] {count}, values)
        .write(path);
    ByteBuffer target = ByteBuffer.allocateDirect(count * 4).order(ByteOrder.nativeOrder());
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (TensorFile file = TensorFile.open(path)) {
      for (String name : file.names()) {
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThat(file.readFloats(name, target.clear())).isZero();
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(2 << 20);
        assertThat(target.getFloat((count - 1) * 4)).isEqualTo(3);
      }
    }
  }
}
