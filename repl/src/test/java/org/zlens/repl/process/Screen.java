package org.zlens.repl.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** A process whose output is awaited text by text, and which is typed to. */
final class Screen implements AutoCloseable {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(120);

  private final Process process;
  private final StringBuilder shown = new StringBuilder();
  private int seen;

  Screen(ProcessBuilder builder) throws IOException {
    process = builder.redirectErrorStream(true).start();
    Thread reader = new Thread(this::read, "screen");
    reader.setDaemon(true);
    reader.start();
  }

  private void read() {
    byte[] some = new byte[4096];
    try (InputStream output = process.getInputStream()) {
      for (int count = output.read(some); count >= 0; count = output.read(some)) {
        synchronized (shown) {
          shown.append(new String(some, 0, count, StandardCharsets.UTF_8));
          shown.notifyAll();
        }
      }
    } catch (IOException e) {
      // The terminal of a process that has ended cannot be read any more.
      return;
    }
  }

  /**
   * Waits until a text comes after the last one that was awaited, and gives what came in between.
   */
  String await(String text) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE;
    synchronized (shown) {
      int at = shown.indexOf(text, seen);
      while (at < 0) {
        assertThat(System.nanoTime()).as("no '%s' came, but: %s", text, shown).isLessThan(end);
        shown.wait(200);
        at = shown.indexOf(text, seen);
      }
      String between = shown.substring(seen, at);
      seen = at + text.length();
      return between;
    }
  }

  void type(String keys) throws IOException {
    process.getOutputStream().write(keys.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }

  /** Everything shown so far. */
  String text() {
    synchronized (shown) {
      return shown.toString();
    }
  }

  long pid() {
    return process.pid();
  }

  /** Waits for the end and gives the exit code. */
  int exitCode() throws InterruptedException {
    assertThat(process.waitFor(PATIENCE, TimeUnit.NANOSECONDS)).as(text()).isTrue();
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
