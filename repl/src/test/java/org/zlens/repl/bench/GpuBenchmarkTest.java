package org.zlens.repl.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.zlens.engine.runtime.Device;
import org.zlens.engine.runtime.Devices;
import org.zlens.engine.runtime.Torch;

/** The comparison of devices, on the one device that every machine has. */
class GpuBenchmarkTest {
  private static final DeviceWork SMALL =
      new DeviceWork(RandomModel.config(48, 32, 100), 3, 10, 128, 1.5, 32, 1);

  @Test
  void theSameDeviceGivesTheSameNumbersForEveryKindOfWork() {
    List<Measurement> all = GpuBenchmark.compare(SMALL, Device.CPU, Device.CPU);
    assertThat(all)
        .extracting(Measurement::name)
        .containsExactly("gpu-parity", "gpu-forward", "gpu-sweep", "gpu-rdfa", "gpu-sae-step");
    assertThat(all.get(0).value()).isLessThan(1e-5);
    assertThat(all.get(0).holds()).isTrue();
    assertThat(Torch.device()).isEqualTo(Device.CPU);
  }

  @Test
  void everyKindOfWorkHasNumbersToCompare() {
    DeviceWork.Done done = SMALL.on(Device.CPU);
    assertThat(done.numbers().keySet())
        .containsExactly(DeviceWork.FORWARD, DeviceWork.SWEEP, DeviceWork.TREE, DeviceWork.STEP);
    done.numbers()
        .forEach(
            (kind, numbers) -> {
              assertThat(numbers.size()).as(kind).isGreaterThanOrEqualTo(3);
              assertThat(numbers.values()).as(kind).allMatch(Double::isFinite);
              assertThat(numbers.values()).as(kind).anyMatch(number -> number != 0);
            });
  }

  @Test
  void oneNumberThatIsOffIsFound() {
    DeviceWork.Done right = done(Map.of("a", 100.0, "b", 2.0));
    assertThat(done(Map.of("a", 100.0, "b", 2.2)).difference(right)).isCloseTo(2e-3, offset(1e-9));
    assertThat(done(Map.of("a", 100.0, "b", Double.NaN)).difference(right)).isInfinite();
    assertThat(done(Map.of("a", 100.0)).difference(right)).isInfinite();
    assertThat(right.difference(right)).isZero();
  }

  private static org.assertj.core.data.Offset<Double> offset(double value) {
    return org.assertj.core.data.Offset.offset(value);
  }

  private static DeviceWork.Done done(Map<String, Double> numbers) {
    return new DeviceWork.Done(Map.of("kind", numbers), Map.of());
  }

  @Test
  void whereThereIsNoGpuItSaysSo() throws Exception {
    assumeThat(Devices.all()).hasSize(1);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status = Bench.run(List.of("gpu"), new PrintStream(out), new PrintStream(err));
    assertThat(status).isEqualTo(3);
    assertThat(out.size()).isZero();
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "error: gpu: no GPU that the native library can use, so nothing was measured on one"
                + System.lineSeparator());
  }
}
