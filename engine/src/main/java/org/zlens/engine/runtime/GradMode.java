package org.zlens.engine.runtime;

import ai.djl.pytorch.jni.JniUtils;

/** Records gradients on the calling thread while it is open; they are off otherwise. */
public final class GradMode implements AutoCloseable {
  private final Thread thread = Thread.currentThread();
  private final boolean before;
  private boolean closed;

  private GradMode(boolean before) {
    this.before = before;
  }

  /** Switches recording on until the result is closed. */
  public static GradMode on() {
    return set(true);
  }

  /** Switches recording off until the result is closed. */
  public static GradMode off() {
    return set(false);
  }

  private static GradMode set(boolean on) {
    Torch.enter();
    GradMode mode = new GradMode(JniUtils.isGradMode());
    JniUtils.setGradMode(on);
    return mode;
  }

  /** Whether the calling thread records gradients now. */
  public static boolean isOn() {
    Torch.enter();
    return JniUtils.isGradMode();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    if (Thread.currentThread() != thread) {
      throw new IllegalStateException("a grad mode ends on the thread that it began on");
    }
    closed = true;
    JniUtils.setGradMode(before);
  }
}
