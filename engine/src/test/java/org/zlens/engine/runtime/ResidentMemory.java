package org.zlens.engine.runtime;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Memory of this process that is in RAM, as the kernel counts it. */
public final class ResidentMemory {
  private static final Path STATM = Path.of("/proc/self/statm");
  private static final long PAGE = 4096;

  private ResidentMemory() {}

  /** Resident bytes after a collection; the test is skipped where the system does not tell. */
  public static long bytes() {
    assumeTrue(Files.isReadable(STATM), "no /proc/self/statm: resident memory cannot be read");
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    try {
      return Long.parseLong(Files.readString(STATM).split(" ")[1]) * PAGE;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
