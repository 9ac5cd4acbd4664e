package org.zlens.engine.runtime;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/**
 * The one start of libtorch in a process, offline, and the modes of each thread that uses it.
 *
 * <p>A new thread starts with gradients recorded and with the graph optimiser on; the first costs
 * memory, the second silently gives wrong gradients of tensors made inside TorchScript. Both are
 * thread-local in libtorch, so every native call goes through {@link #enter()}, which sets them
 * once a thread.
 */
public final class Torch {
  private static final FutureTask<PtNDManager> START = new FutureTask<>(Torch::start);

  private static volatile Device device = Device.CPU;
  private static volatile DType weightType = DType.FLOAT32;
  private static volatile boolean leftProcessor;

  private static final String THREADS = "ai.djl.pytorch.num_threads";

  /** How many threads an operation may use, as last set for the process; 0 until then. */
  private static volatile int threads;

  /** What of that the calling thread has heard: each asks for as many as it was told itself. */
  private static final ThreadLocal<Integer> ENTERED = ThreadLocal.withInitial(Torch::setModes);

  private Torch() {}

  /**
   * Begins to start libtorch beside the calling thread, which then has less to wait for when it
   * first needs it. A failure shows there, not here. A process that ends meanwhile waits for it:
   * libtorch crashes when it is taken down while it starts.
   */
  public static void startEarly() {
    if (START.isDone()) {
      return;
    }
    Thread starter = new Thread(START, "libtorch-start");
    starter.setDaemon(true);
    starter.start();
    try {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> await(starter), "libtorch-started"));
    } catch (IllegalStateException e) {
      await(starter); // the process is ending already
    }
  }

  private static void await(Thread starter) {
    try {
      starter.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Prepares the calling thread for native calls; the first call in a process starts libtorch. */
  static void enter() {
    int wanted = threads;
    if (ENTERED.get() != wanted) {
      JniUtils.setNumThreads(wanted);
      ENTERED.set(wanted);
    }
  }

  private static Integer setModes() {
    manager();
    JniUtils.setGraphExecutorOptimize(false);
    JniUtils.setGradMode(false);
    // Parts of libtorch know of a thread's number only once it was asked for there.
    JniUtils.getNumThreads();
    return 0;
  }

  /** All arrays hang on one manager; their lives are ruled by {@link Scope}, not by it. */
  static PtNDManager manager() {
    // Whoever comes first runs it; everyone else waits for it.
    START.run();
    try {
      return START.get();
    } catch (ExecutionException e) {
      throw new ZlensException(
          Kind.RUNTIME,
          "libtorch does not start: " + e.getCause().getMessage(),
          "is this platform one that the build has native libraries for?",
          e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ZlensException(Kind.INTERRUPTED, "interrupted", null, e);
    }
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

  /** Sets the number of threads that one operation may use, whoever calls it. */
  public static void setThreads(int number) {
    threads = number;
    enter();
  }

  /** The same for operations that the calling thread calls, until it is set for all again. */
  public static void setOwnThreads(int number) {
    enter();
    JniUtils.setNumThreads(number);
  }

  /** The device that new tensors live on; the processor until another is chosen. */
  public static Device device() {
    return device;
  }

  /** What weights are kept in by models that are loaded from now on. */
  public static DType weightType() {
    return weightType;
  }

  /**
   * Chooses where tensors live from now on, and what weights are kept in. Tensors that there are
   * stay where they are, and cannot be used with new ones.
   *
   * @throws ZlensException of kind USAGE if there is no such device here, or it cannot have such
   *     weights
   */
  public static void use(Device chosen, DType weights) {
    if (weights != DType.FLOAT32 && !weights.isNarrow()) {
      throw new IllegalArgumentException("weights of " + weights);
    }
    if (weights.isNarrow() && chosen.isCpu()) {
      throw new ZlensException(
          Kind.USAGE,
          "weights in " + weights.label() + " are for GPUs, and this device is the processor",
          "there they would be slower than in float32, and less exact");
    }
    if (!Devices.has(chosen)) {
      throw new ZlensException(
          Kind.USAGE,
          "no device '" + chosen + "', there is only " + Devices.names(),
          Devices.hint(System::getenv, isBuiltForCuda()));
    }
    choose(chosen, weights);
  }

  /** Chooses without asking. */
  static void choose(Device chosen, DType weights) {
    leftProcessor |= !chosen.isCpu();
    device = chosen;
    weightType = weights;
  }

  /** Whether there may be tensors elsewhere than on the processor. */
  static boolean hasLeftProcessor() {
    return leftProcessor;
  }

  /** Whether the native library was built for GPUs. */
  static boolean isBuiltForCuda() {
    enter();
    return Engine.getEngine("PyTorch").hasCapability("CUDA");
  }

  /** Version of libtorch, for provenance. */
  public static String version() {
    return Engine.getEngine("PyTorch").getVersion();
  }

  private static PtNDManager start() {
    // The binding would ask a cloud's metadata service and a download site otherwise.
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    // As many threads as cores wait for each other by spinning, which on a busy machine makes small
    // operations several times slower; whoever has work for more says so.
    if (System.getProperty(THREADS) == null) {
      System.setProperty(THREADS, "1");
    }
    return (PtNDManager) Engine.getEngine("PyTorch").newBaseManager(ai.djl.Device.cpu());
  }
}
