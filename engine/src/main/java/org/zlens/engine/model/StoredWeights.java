package org.zlens.engine.model;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.io.TensorFile;
import org.zlens.engine.runtime.DType;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * Weights in a file: each is asked for by name and shape, read straight into native memory, and
 * refused if it has another shape or is not finite.
 */
public final class StoredWeights {
  private final TensorFile file;
  private final Progress progress;
  private final Set<String> read = new HashSet<>();

  /**
   * Weights in an open file.
   *
   * @param progress hears of each tensor that was read
   */
  public StoredWeights(TensorFile file, Progress progress) {
    this.file = file;
    this.progress = progress;
  }

  /** Whether the file has a tensor of this name. */
  public boolean has(String name) {
    return file.names().contains(name);
  }

  /** Reads a tensor of a known shape into the scope that the caller has open. */
  public Tensor read(String name, long... shape) {
    if (!has(name)) {
      throw new ZlensException(
          Kind.DATA, "'" + file.path() + "' has no tensor '" + name + "'", "is it another model?");
    }
    long[] stored = file.info(name).shape();
    if (!Arrays.equals(stored, shape)) {
      throw new ZlensException(
          Kind.DATA,
          "tensor '"
              + name
              + "' in '"
              + file.path()
              + "' has shape "
              + Arrays.toString(stored)
              + " where the configuration asks for "
              + Arrays.toString(shape),
          null);
    }
    try (Scope scope = Scope.open()) {
      Tensor tensor = Tensor.empty(DType.FLOAT32, shape);
      tensor.write(
          buffer -> {
            long broken = file.readFloats(name, buffer);
            if (broken > 0) {
              throw new ZlensException(
                  Kind.DATA,
                  "tensor '"
                      + name
                      + "' in '"
                      + file.path()
                      + "' has "
                      + broken
                      + " values that are not finite",
                  null);
            }
          });
      read.add(name);
      progress.step(read.size(), file.names().size());
      return scope.keep(tensor);
    }
  }

  /** Refuses a file with tensors that nobody asked for, but for names that the filter lets go. */
  public void requireAllRead(java.util.function.Predicate<String> ignorable) {
    for (String name : file.names()) {
      if (!read.contains(name) && !ignorable.test(name)) {
        throw new ZlensException(
            Kind.DATA,
            "'" + file.path() + "' has a tensor '" + name + "' that this architecture lacks",
            null);
      }
    }
  }
}
