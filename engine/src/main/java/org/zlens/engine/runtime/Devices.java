package org.zlens.engine.runtime;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The devices of this machine that the native library can use. */
public final class Devices {
  private static final int MOST = 64;
  private static final String LIBRARY = "PYTORCH_LIBRARY_PATH";
  private static final List<String> CUDA_FILES = List.of("libtorch_cuda.so", "torch_cuda.dll");

  private Devices() {}

  /** All of them, the processor first; starts the native library. */
  public static List<Device> all() {
    List<Device> all = new ArrayList<>(List.of(Device.CPU));
    if (Torch.isBuiltForCuda()) {
      for (int index = 0; index < MOST && works(Device.cuda(index)); index++) {
        all.add(Device.cuda(index));
      }
    }
    return all;
  }

  /** Whether a device is there and works. */
  static boolean has(Device device) {
    return device.isCpu() || all().contains(device);
  }

  /** Their names, one after the other. */
  static String names() {
    return all().stream().map(Device::toString).collect(Collectors.joining(", "));
  }

  /**
   * Why there is no GPU, as far as can be told.
   *
   * @param environment of the process
   * @param built whether the native library that was loaded has CUDA
   */
  static String hint(UnaryOperator<String> environment, boolean built) {
    if (built) {
      return "the native library has CUDA, but sees no such GPU; does 'nvidia-smi' list it?";
    }
    String folder = environment.apply(LIBRARY);
    if (folder == null || folder.isBlank()) {
      return "a GPU needs a native library with CUDA; the readme tells how to name one";
    }
    String why =
        CUDA_FILES.stream().anyMatch(name -> new File(folder, name).isFile())
            ? " could not be loaded: PYTORCH_VERSION and PYTORCH_FLAVOR must be those of its torch"
            : " has no library with CUDA, such as " + CUDA_FILES.get(0);
    return "the folder '" + folder + "' of " + LIBRARY + why;
  }

  /** The only sure way to know is to use it. */
  private static boolean works(Device device) {
    try (Scope scope = Scope.open()) {
      Kernels.call("full", new long[] {1}, 1.0, device.toString());
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
