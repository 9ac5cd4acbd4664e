package org.zlens.repl.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What Linux says of this process's memory. */
final class ResidentMemory {
  private static final Path STATUS = Path.of("/proc/self/status");

  private ResidentMemory() {}

  /** Bytes that are resident now. */
  static long now() throws IOException {
    return status("VmRSS:");
  }

  /** The most bytes that were ever resident, or since {@link #forgetPeak}. */
  static long peak() throws IOException {
    return status("VmHWM:");
  }

  /** Lets the kernel forget the peak so far, where it allows that; it was lower in any case. */
  static void forgetPeak() throws IOException {
    Path reset = Path.of("/proc/self/clear_refs");
    if (Files.isWritable(reset)) {
      Files.writeString(reset, "5");
    }
  }

  private static long status(String key) throws IOException {
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith(key))
        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
