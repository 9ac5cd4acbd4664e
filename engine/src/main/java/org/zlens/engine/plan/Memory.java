package org.zlens.engine.plan;

import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;

/** The memory that passes may take unless somebody says otherwise. */
public final class Memory {
  private static final long WHERE_UNKNOWN = 2_000_000_000L;

  private Memory() {}

  /** A quarter of the machine's, in bytes. */
  public static long usual() {
    OperatingSystemMXBean machine = ManagementFactory.getOperatingSystemMXBean();
    return machine instanceof com.sun.management.OperatingSystemMXBean known
        ? known.getTotalMemorySize() / 4
        : WHERE_UNKNOWN;
  }
}
