package org.zlens.engine.runtime;

import java.nio.file.Path;

/** Numbers of files as tensors whose memory the file is mapped to. */
public final class MappedFloats {
  private MappedFloats() {}

  /**
   * The float32 numbers at the beginning of a file, {@code [count]}. Changes do not reach the file,
   * which must not become shorter while the tensor lives.
   *
   * @throws IllegalArgumentException if there is no such file or it has fewer numbers
   */
  public static Tensor of(Path file, long count) {
    return Kernels.call("map_file", file.toString(), count);
  }
}
