package org.zlens.repl.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.zlens.engine.runtime.Device;
import org.zlens.engine.runtime.Devices;

/**
 * The first GPU against the processor: how far any number is from the processor's, and how long
 * each kind of work takes. Needs a GPU that the native library can use.
 */
final class GpuBenchmark implements Benchmark {
  private static final double TOLERANCE = 1e-3;
  private static final double MILLISECONDS = 1000;

  @Override
  public String name() {
    return "gpu";
  }

  @Override
  public Optional<String> missing() {
    return Devices.all().size() > 1
        ? Optional.empty()
        : Optional.of("no GPU that the native library can use, so nothing was measured on one");
  }

  @Override
  public Measurement measure() {
    return measureAll().get(0);
  }

  @Override
  public List<Measurement> measureAll() {
    return compare(DeviceWork.large(), Device.CPU, Device.cuda(0));
  }

  /** What the same work gives and takes on two devices. */
  static List<Measurement> compare(DeviceWork work, Device reference, Device device) {
    DeviceWork.Done expected = work.on(reference);
    DeviceWork.Done found = work.on(device);
    List<Measurement> all = new ArrayList<>();
    all.add(
        new Measurement(
            "gpu-parity",
            found.difference(expected),
            "share",
            0,
            TOLERANCE,
            "largest difference of any number on " + device + " from that on " + reference));
    found
        .seconds()
        .forEach(
            (kind, seconds) -> {
              double theirs = MILLISECONDS * expected.seconds().get(kind);
              all.add(
                  new Measurement(
                      "gpu-" + kind,
                      MILLISECONDS * seconds,
                      "ms",
                      theirs,
                      theirs,
                      kind + " on " + device + "; on " + reference));
            });
    return all;
  }
}
