package org.zlens.repl.terminal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/** The one thread that a session's commands run on, so that the terminal stays awake meanwhile. */
public final class CommandThread implements AutoCloseable {
  private final ExecutorService executor =
      Executors.newSingleThreadExecutor(
          body -> {
            Thread thread = new Thread(body, "commands");
            // A native call that never returns must not keep the process alive.
            thread.setDaemon(true);
            return thread;
          });
  private volatile boolean wanted;

  /**
   * Runs something there and waits until it is done. An interruption meant for a line that was
   * being read may arrive late: it does not end the wait, or two commands would run at once.
   */
  public void run(Runnable body) {
    wanted = true;
    CompletableFuture<Void> done =
        CompletableFuture.runAsync(
            () -> {
              wanted = false;
              body.run();
            },
            executor);
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

  /** Runs something there after all that waits, and does not wait for it. */
  public void submit(Runnable body) {
    wanted = true;
    executor.execute(
        () -> {
          wanted = false;
          body.run();
        });
  }

  /**
   * Does something there while no command runs, and does not wait for it. It should often call what
   * it is given, which throws as soon as a command wants the thread. How it ends nobody hears.
   */
  void between(Consumer<Runnable> body) {
    CompletableFuture.runAsync(() -> body.accept(this::giveWay), executor);
  }

  private void giveWay() {
    if (wanted) {
      throw new ZlensException(Kind.INTERRUPTED, "a command wants to run", null);
    }
  }

  @Override
  public void close() {
    executor.shutdown();
  }
}
