package org.zlens.repl.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A session on a terminal of its own, which {@code script} makes, as someone at it sees it. */
final class TerminalSession implements AutoCloseable {
  private static final String PROMPT = "zlens> ";
  private static final String CTRL_C = "\u0003";

  /** The line editor reads from here on; a prompt may be drawn while nobody does. */
  private static final String READS = "\u001b[?2004h";

  private static final long PATIENCE = TimeUnit.MINUTES.toNanos(2);

  private final long start = System.nanoTime();
  private final Process process;
  private final InputStream screen;
  private final OutputStream keys;
  private final StringBuilder shown = new StringBuilder();

  private TerminalSession() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("script", "-qfc", "'" + Launch.launcher() + "' --no-init", "/dev/null");
    builder.environment().put("ZLENS_HISTORY", "");
    builder.environment().put("TERM", "xterm-256color");
    process = builder.redirectErrorStream(true).start();
    screen = process.getInputStream();
    keys = process.getOutputStream();
  }

  /** A session whose prompt stands. */
  static TerminalSession open() throws IOException {
    TerminalSession session = new TerminalSession();
    session.await(PROMPT);
    return session;
  }

  /** Seconds since it was started. */
  double age() {
    return (System.nanoTime() - start) / 1e9;
  }

  Process process() {
    return process;
  }

  /** Types lines and waits until something is shown that is no part of them; gives the seconds. */
  double type(String lines, String answer) throws IOException {
    shown.setLength(0);
    final long sent = System.nanoTime();
    keys.write(lines.getBytes(StandardCharsets.US_ASCII));
    keys.flush();
    await(answer);
    return (System.nanoTime() - sent) / 1e9;
  }

  /** Stops the command that runs and waits until the next line is read; gives the seconds. */
  double interrupt() throws IOException {
    final long sent = System.nanoTime();
    type(CTRL_C, READS);
    await(PROMPT);
    return (System.nanoTime() - sent) / 1e9;
  }

  private void await(String text) throws IOException {
    long end = System.nanoTime() + PATIENCE;
    byte[] some = new byte[4096];
    while (shown.indexOf(text) < 0) {
      if (System.nanoTime() > end || screen.available() == 0 && !process.isAlive()) {
        process.destroyForcibly();
        throw new IllegalStateException("'" + text + "' did not come, but: " + shown);
      }
      if (screen.available() == 0) {
        LockSupport.parkNanos(100_000);
        continue;
      }
      int count = screen.read(some);
      shown.append(new String(some, 0, count, StandardCharsets.ISO_8859_1));
    }
  }

  @Override
  public void close() throws IOException {
    try (screen;
        keys) {
      keys.write("quit\r".getBytes(StandardCharsets.US_ASCII));
      keys.flush();
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the session did not end at 'quit'");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroyForcibly();
    }
  }
}
