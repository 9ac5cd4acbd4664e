package org.zlens.repl.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Time until the prompt stands on a terminal of its own, which {@code script} makes; warm. */
final class ReplStart implements Benchmark {
  private static final double LIMIT = 0.8;
  private static final String PROMPT = "zlens> ";

  @Override
  public String name() {
    return "repl-start";
  }

  @Override
  public Measurement measure() throws IOException, InterruptedException {
    double[] ready = new double[RUNS];
    double[] nothing = new double[RUNS];
    secondsToPrompt();
    for (int i = 0; i < RUNS; i++) {
      ready[i] = secondsToPrompt();
      nothing[i] = Launch.ofNothing().wall();
    }
    return new Measurement(
        name(),
        Median.of(ready),
        "s",
        Median.of(nothing),
        LIMIT,
        "time until the prompt is ready; of a JVM that does nothing");
  }

  private static double secondsToPrompt() throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("script", "-qfc", "'" + Launch.launcher() + "' --no-init", "/dev/null");
    builder.environment().put("ZLENS_HISTORY", "");
    builder.environment().put("TERM", "xterm-256color");
    long start = System.nanoTime();
    Process process = builder.redirectErrorStream(true).start();
    try (InputStream screen = process.getInputStream();
        OutputStream keys = process.getOutputStream()) {
      StringBuilder shown = new StringBuilder();
      byte[] some = new byte[4096];
      while (shown.indexOf(PROMPT) < 0) {
        int count = screen.read(some);
        if (count < 0) {
          throw new IllegalStateException("no prompt came, but: " + shown);
        }
        shown.append(new String(some, 0, count, StandardCharsets.ISO_8859_1));
      }
      final double seconds = (System.nanoTime() - start) / 1e9;
      keys.write("quit\r".getBytes(StandardCharsets.US_ASCII));
      keys.flush();
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("the session did not end at 'quit'");
      }
      return seconds;
    }
  }
}
