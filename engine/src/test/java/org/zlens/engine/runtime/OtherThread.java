package org.zlens.engine.runtime;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** Runs something on a thread that has never called libtorch, and gives its result here. */
final class OtherThread {
  private OtherThread() {}

  static <T> T call(Callable<T> body) {
    FutureTask<T> task = new FutureTask<>(body);
    Thread thread = new Thread(task, "fresh");
    thread.start();
    try {
      return task.get();
    } catch (java.util.concurrent.ExecutionException e) {
      throw new AssertionError("failed on the other thread", e.getCause());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
