package org.zlens.engine.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The devices of this machine that the native library can use. */
public final class Devices {
  private static final int MOST = 64;

  private Devices() {}

  /** All of them, the processor first; starts the native library. */
  public static List<Device> all() {
    List<Device> all = new ArrayList<>(List.of(Device.CPU));
    if (Torch.isBuiltForCuda()) {
      for (int index = 0; index < MOST && works(Device.cuda(index)); index++) {
        all.add(Device.cuda(index));
      }
    }
    return all;
  }

  /** Whether a device is there and works. */
  static boolean has(Device device) {
    return device.isCpu() || all().contains(device);
  }

  /** Their names, one after the other. */
  static String names() {
    return all().stream().map(Device::toString).collect(Collectors.joining(", "));
  }

  /** The only sure way to know is to use it. */
  private static boolean works(Device device) {
    try (Scope scope = Scope.open()) {
      Kernels.call("full", new long[] {1}, 1.0, device.toString());
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
