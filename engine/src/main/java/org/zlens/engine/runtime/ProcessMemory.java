package org.zlens.engine.runtime;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.management.JMException;
import javax.management.ObjectName;

/** How much more memory this process comes to hold than it did at a moment, where Linux tells. */
public final class ProcessMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path FORGET = Path.of("/proc/self/clear_refs");
  private static final long UNKNOWN = -1;

  private final long before;

  private ProcessMemory(long before) {
    this.before = before;
  }

  /** Begins to watch; the peak of the process so far is forgotten. */
  public static ProcessMemory watch() {
    try {
      if (!Files.isWritable(FORGET)) {
        return new ProcessMemory(UNKNOWN);
      }
      trim();
      Files.writeString(FORGET, "5");
      return new ProcessMemory(read("VmRSS:"));
    } catch (IOException e) {
      return new ProcessMemory(UNKNOWN);
    }
  }

  /** The bytes of this process that are in memory now; -1 where nobody tells. */
  public static long resident() {
    try {
      return Files.isReadable(STATUS) ? read("VmRSS:") : UNKNOWN;
    } catch (IOException e) {
      return UNKNOWN;
    }
  }

  /** The bytes that were added at the most since then; -1 where nobody tells. */
  public long added() {
    try {
      long peak = before == UNKNOWN ? UNKNOWN : read("VmHWM:");
      return peak == UNKNOWN ? UNKNOWN : Math.max(0, peak - before);
    } catch (IOException e) {
      return UNKNOWN;
    }
  }

  /** Gives back what is free: memory held from before would hide what is taken now. */
  private static void trim() {
    try {
      ManagementFactory.getPlatformMBeanServer()
          .invoke(
              new ObjectName("com.sun.management:type=DiagnosticCommand"),
              "systemTrimNativeHeap",
              null,
              null);
    } catch (JMException e) {
      // A JVM without this command: then less than all is seen.
    }
  }

  private static long read(String key) throws IOException {
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith(key))
        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(UNKNOWN);
  }
}
