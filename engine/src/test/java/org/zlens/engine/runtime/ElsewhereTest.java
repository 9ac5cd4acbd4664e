package org.zlens.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/**
 * What is computed with lives on the device that was chosen. PyTorch's device without memory stands
 * for a GPU where numbers are made; it cannot do everything that a GPU can.
 */
class ElsewhereTest {
  private static final Device META = new Device(Device.Kind.META, 0);

  @AfterEach
  void backToTheProcessor() {
    Torch.choose(Device.CPU, DType.FLOAT32);
  }

  /**
   * What a kernel makes of nothing says where; a flag about a tensor, which is only read, need not.
   */
  @Test
  void whatKernelsMakeIsWhereTheirOperandsAre() throws IOException {
    Pattern made = Pattern.compile("torch\\.(zeros|ones|full|empty|arange|eye|rand\\w*|tensor)\\(");
    int found = 0;
    try (InputStream in = Kernels.class.getResourceAsStream("kernels.py")) {
      String source = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (Matcher call = made.matcher(source); call.find(); found++) {
        String line = source.substring(call.start(), source.indexOf('\n', call.start()));
        boolean flag = line.startsWith("torch.tensor(torch.is_");
        assertThat(flag || line.contains("device=")).as(line).isTrue();
      }
    }
    assertThat(found).isGreaterThanOrEqualTo(8);
  }

  @Test
  void numbersTravelToAndFro() {
    try (Scope scope = Scope.open()) {
      Tensor here = Tensor.of(new float[] {1, 2, 3}, 3);
      assertThat(here.device()).isEqualTo("cpu");
      assertThat(here.to(Device.CPU).floats()).containsExactly(1, 2, 3);
      Torch.choose(META, DType.FLOAT32);
      assertThat(Tensor.of(new float[] {1, 2}, 2).device()).isEqualTo("meta");
      assertThat(Tensor.ofRows(new int[][] {{1, 2}}).device()).isEqualTo("meta");
      assertThat(Tensor.zeros(2).device()).isEqualTo("meta");
      assertThat(here.floats()).as("one that stayed where it was").containsExactly(1, 2, 3);
      here.write(buffer -> buffer.putFloat(7));
      assertThat(here.floats()).containsExactly(7, 2, 3);
    }
  }

  @Test
  void theProcessorIsAlwaysThere() {
    assertThat(Devices.all()).startsWith(Device.CPU);
    Torch.use(Device.CPU, DType.FLOAT32);
    assertThat(Torch.device()).isEqualTo(Device.CPU);
  }

  @Test
  void aDeviceThatIsNotThereIsRefused() {
    Device last = Device.cuda(63);
    assumeThat(Devices.all()).doesNotContain(last);
    assertThatThrownBy(() -> Torch.use(last, DType.FLOAT32))
        .isInstanceOfSatisfying(
            ZlensException.class, e -> assertThat(e.kind()).isEqualTo(Kind.USAGE))
        .hasMessageStartingWith("no device 'cuda:63', there is only cpu");
    assertThat(Torch.device()).isEqualTo(Device.CPU);
  }

  @Test
  void whoNamedALibraryHearsWhatIsWrongWithIt(@TempDir Path folder) throws IOException {
    assertThat(Devices.hint(name -> null, false)).contains("the readme tells how to name one");
    assertThat(Devices.hint(name -> null, true)).contains("nvidia-smi");
    Map<String, String> named = Map.of("PYTORCH_LIBRARY_PATH", folder.toString());
    assertThat(Devices.hint(named::get, false))
        .isEqualTo(
            "the folder '"
                + folder
                + "' of PYTORCH_LIBRARY_PATH has no library with CUDA, such as libtorch_cuda.so");
    Files.writeString(folder.resolve("libtorch_cuda.so"), "");
    assertThat(Devices.hint(named::get, false))
        .contains("could not be loaded")
        .contains("PYTORCH_FLAVOR");
  }

  @ParameterizedTest
  @ValueSource(strings = {"BFLOAT16", "FLOAT16"})
  void sixteenBitsAreForGpus(DType type) {
    assertThatThrownBy(() -> Torch.use(Device.CPU, type))
        .isInstanceOf(ZlensException.class)
        .hasMessage(
            "weights in %s are for GPUs, and this device is the processor".formatted(type.label()));
    assertThat(Torch.weightType()).isEqualTo(DType.FLOAT32);
  }

  @Test
  void devicesHaveNames() {
    assertThat(Device.parse("cpu")).contains(Device.CPU);
    assertThat(Device.parse("cuda")).contains(Device.cuda(0));
    assertThat(Device.parse("cuda:12")).contains(Device.cuda(12));
    for (String wrong : new String[] {"", "CPU", "cuda:", "cuda:-1", "cuda:100", "cuda1", "meta"}) {
      assertThat(Device.parse(wrong)).as(wrong).isEmpty();
    }
  }

  @Test
  void whatTheDriverSaysIsReadWithCare() {
    assertThat(GpuMemory.parse("0, 81559, 1024, NVIDIA H100, PCIe\n1, 24564, 3, RTX 4090\n"))
        .containsExactly(
            new GpuMemory(0, "NVIDIA H100, PCIe", 81559L << 20, 1024L << 20),
            new GpuMemory(1, "RTX 4090", 24564L << 20, 3L << 20));
    assertThat(GpuMemory.parse("No devices were found\n\n-1, 2, 3, x\n0, [N/A], 3, y\n")).isEmpty();
  }
}
