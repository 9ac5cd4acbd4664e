package ai.djl.pytorch.jni;

/**
 * Runs any method of a TorchScript module as training code does.
 *
 * <p>The public entry points run under inference mode, whose results can be neither edited in place
 * nor differentiated; the one call without it is package-private, hence this package.
 */
public final class ModuleMethod {
  private ModuleMethod() {}

  /** Calls a method of the module behind a native handle; the caller closes the result. */
  public static IValue run(long module, String method, IValue... arguments) {
    long[] handles = new long[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      handles[i] = arguments[i].getHandle();
    }
    return new IValue(PyTorchLibrary.LIB.moduleRunMethod(module, method, handles, true, false));
  }
}
