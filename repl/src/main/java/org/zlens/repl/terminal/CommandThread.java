package org.zlens.repl.terminal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The one thread that a session's commands run on, so that the terminal stays awake meanwhile. */
final class CommandThread implements AutoCloseable {
  private final ExecutorService executor =
      Executors.newSingleThreadExecutor(
          body -> {
            Thread thread = new Thread(body, "commands");
            // A native call that never returns must not keep the process alive.
            thread.setDaemon(true);
            return thread;
          });

  /**
   * Runs something there and waits until it is done. An interruption meant for a line that was
   * being read may arrive late: it does not end the wait, or two commands would run at once.
   */
  void run(Runnable body) {
    CompletableFuture<Void> done = CompletableFuture.runAsync(body, executor);
    while (true) {
      try {
        done.get();
        return;
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RuntimeException failure) {
          throw failure;
        }
        throw new IllegalStateException(e.getCause());
      } catch (InterruptedException late) {
        continue;
      }
    }
  }

  @Override
  public void close() {
    executor.shutdown();
  }
}
