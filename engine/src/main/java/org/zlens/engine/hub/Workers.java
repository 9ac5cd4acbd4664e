package org.zlens.engine.hub;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Threads that ask servers, while the one that waits for them stays able to be interrupted. */
final class Workers implements AutoCloseable {
  private static final long LOOK_MILLIS = 100;

  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "zlens-hub");
            thread.setDaemon(true);
            return thread;
          });

  <T> Future<T> submit(Callable<T> task) {
    return threads.submit(task);
  }

  /**
   * Waits for a result.
   *
   * @param meanwhile runs several times a second and may throw to end the waiting
   */
  static <T> T await(Future<T> future, Runnable meanwhile) throws IOException {
    while (true) {
      meanwhile.run();
      try {
        return future.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        // Look again.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      } catch (ExecutionException e) {
        throw thrown(e.getCause());
      }
    }
  }

  private static IOException thrown(Throwable cause) {
    if (cause instanceof RuntimeException failure) {
      throw failure;
    } else if (cause instanceof Error failure) {
      throw failure;
    }
    return cause instanceof IOException failure ? failure : new IOException(cause);
  }

  /** Ends what is under way and waits for it. */
  @Override
  public void close() {
    threads.shutdownNow();
    try {
      threads.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
