package org.zlens.repl.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

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
  private static double resident(String typed) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("script", "-qfc", "'" + Launch.launcher() + "' --no-init", "/dev/null");
    builder.environment().put("ZLENS_HISTORY", "");
    builder.environment().put("TERM", "xterm-256color");
    Process process = builder.redirectErrorStream(true).start();
    try (InputStream screen = process.getInputStream();
        OutputStream keys = process.getOutputStream()) {
      StringBuilder shown = new StringBuilder();
      await(screen, shown, "zlens> ");
      // The last line fails, so that its message cannot be what was typed.
      keys.write((typed + END).getBytes(StandardCharsets.US_ASCII));
      keys.flush();
      await(screen, shown, ENDED);
      final double resident = residentOf(process);
      keys.write("quit\r".getBytes(StandardCharsets.US_ASCII));
      keys.flush();
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("the session did not end at 'quit'");
      }
      return resident;
    }
  }

  private static void await(InputStream screen, StringBuilder shown, String text)
      throws IOException {
    byte[] some = new byte[4096];
    while (shown.indexOf(text) < 0) {
      int count = screen.read(some);
      if (count < 0) {
        throw new IllegalStateException("'" + text + "' did not come, but: " + shown);
      }
      shown.append(new String(some, 0, count, StandardCharsets.ISO_8859_1));
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
