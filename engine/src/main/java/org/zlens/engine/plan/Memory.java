package org.zlens.engine.plan;

import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import org.zlens.engine.runtime.GpuMemory;
import org.zlens.engine.runtime.Torch;

/** The memory that passes may take unless somebody says otherwise. */
public final class Memory {
  private static final long WHERE_UNKNOWN = 2_000_000_000L;

  private Memory() {}

  /** A quarter of the machine's, or of the GPU's that was chosen, in bytes. */
  public static long usual() {
    long all = Torch.device().isCpu() ? ofMachine() : ofGpu(Torch.device().index());
    return all < 0 ? WHERE_UNKNOWN : all / 4;
  }

  private static long ofGpu(int index) {
    return GpuMemory.all().stream()
        .filter(gpu -> gpu.index() == index)
        .mapToLong(GpuMemory::total)
        .findFirst()
        .orElse(-1);
  }

  /** Bytes of memory that the machine has; -1 where nobody tells. */
  public static long ofMachine() {
    OperatingSystemMXBean machine = ManagementFactory.getOperatingSystemMXBean();
    return machine instanceof com.sun.management.OperatingSystemMXBean known
        ? known.getTotalMemorySize()
        : -1;
  }
}
