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

  /** Runs something there and waits until it is done. */
  void run(Runnable body) {
    try {
      CompletableFuture.runAsync(body, executor).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    executor.shutdown();
  }
}
