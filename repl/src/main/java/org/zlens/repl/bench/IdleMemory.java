package org.zlens.repl.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Resident memory of a session at a terminal in which the embedded model is loaded and one command
 * has run, while it waits for the next.
 */
final class IdleMemory implements Benchmark {
  private static final double LIMIT = 900;
  private static final double MEBIBYTES_PER_KIBIBYTE = 1 / 1024.0;
  private static final String SETUP =
      "model sprig; prompt \"When Ann and Bob went to the store, Bob gave a drink to\"; logits\r";
  private static final String END = "expect 1 = 2\r";
  private static final String ENDED = "expected 1 = 2, found";

  @Override
  public String name() {
    return "idle-memory";
  }

  @Override
  public Measurement measure() throws IOException, InterruptedException {
    double[] idle = new double[RUNS];
    double[] fresh = new double[RUNS];
    for (int i = 0; i < RUNS; i++) {
      fresh[i] = resident("");
      idle[i] = resident(SETUP);
    }
    return new Measurement(
        name(),
        Median.of(idle),
        "MiB",
        Median.of(fresh),
        LIMIT,
        "resident memory of an idle session with the embedded model after a command; of one in"
            + " which nothing has run");
  }

  /** Mebibytes of a session once it has run what is typed and shown what marks its end. */
  private static double resident(String typed) throws IOException {
    try (TerminalSession session = TerminalSession.open()) {
      // The last line fails, so that its message cannot be what was typed.
      session.type(typed + END, ENDED);
      return residentOf(session.process());
    }
  }

  /** Of the JVM below the program that makes the terminal: the largest of its processes. */
  private static double residentOf(Process process) throws IOException {
    double largest = 0;
    for (ProcessHandle child : process.descendants().toList()) {
      Path status = Path.of("/proc", Long.toString(child.pid()), "status");
      if (Files.isReadable(status)) {
        Optional<String> line =
            Files.readAllLines(status).stream().filter(l -> l.startsWith("VmRSS:")).findFirst();
        if (line.isPresent()) {
          double kibibytes = Double.parseDouble(line.get().replaceAll("\\D", ""));
          largest = Math.max(largest, kibibytes * MEBIBYTES_PER_KIBIBYTE);
        }
      }
    }
    if (largest == 0) {
      throw new IllegalStateException("the session's process was not found");
    }
    return largest;
  }
}
