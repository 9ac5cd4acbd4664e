package org.zlens.engine.runtime;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;

/**
 * The one start of libtorch in a process, offline, and the modes of each thread that uses it.
 *
 * <p>A new thread starts with gradients recorded and with the graph optimiser on; the first costs
 * memory, the second silently gives wrong gradients of tensors made inside TorchScript. Both are
 * thread-local in libtorch, so every native call goes through {@link #enter()}, which sets them
 * once a thread.
 */
public final class Torch {
  private static final ThreadLocal<Boolean> ENTERED = ThreadLocal.withInitial(Torch::setModes);

  private Torch() {}

  /** Prepares the calling thread for native calls; the first call in a process starts libtorch. */
  static void enter() {
    ENTERED.get();
  }

  private static Boolean setModes() {
    Holder.MANAGER.getClass();
    JniUtils.setGraphExecutorOptimize(false);
    JniUtils.setGradMode(false);
    return Boolean.TRUE;
  }

  /** All arrays hang on one manager; their lives are ruled by {@link Scope}, not by it. */
  static PtNDManager manager() {
    return Holder.MANAGER;
  }

  /** What libtorch says went wrong, without its own stack trace. */
  static String reason(EngineException e) {
    String text = String.valueOf(e.getMessage());
    int at = text.lastIndexOf("RuntimeError: ");
    String tail = at < 0 ? text : text.substring(at + "RuntimeError: ".length());
    int end = tail.indexOf('\n');
    return end < 0 ? tail : tail.substring(0, end);
  }

  /** Threads that one operation may use. */
  public static int threads() {
    enter();
    return JniUtils.getNumThreads();
  }

  /** Sets the number of threads that one operation may use, for threads that start later too. */
  public static void setThreads(int threads) {
    enter();
    JniUtils.setNumThreads(threads);
  }

  /** Version of libtorch, for provenance. */
  public static String version() {
    return Engine.getEngine("PyTorch").getVersion();
  }

  private static final class Holder {
    static final PtNDManager MANAGER = start();

    private static PtNDManager start() {
      // The binding would ask a cloud's metadata service and a download site otherwise.
      System.setProperty("ai.djl.offline", "true");
      System.setProperty("OPT_OUT_TRACKING", "true");
      return (PtNDManager) Engine.getEngine("PyTorch").newBaseManager();
    }
  }
}
