package org.zlens.engine.model;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.io.TensorFile;
import org.zlens.engine.runtime.DType;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * Weights in one file or several: each is asked for by name and shape, read straight into native
 * memory as 32-bit floats, and refused if it has another shape or is not finite.
 */
public final class StoredWeights {
  private final Path place;
  private final Map<String, TensorFile> files = new LinkedHashMap<>();
  private final Progress progress;
  private final Set<String> read = new HashSet<>();

  /**
   * Weights in open files.
   *
   * @param place what to name where no file is to blame: the file if there is one, or their folder
   * @param progress hears of each tensor that was read
   * @throws ZlensException of kind DATA if two files have a tensor of the same name
   */
  public StoredWeights(Path place, List<TensorFile> files, Progress progress) {
    this.place = place;
    this.progress = progress;
    for (TensorFile file : files) {
      for (String name : file.names()) {
        TensorFile other = this.files.put(name, file);
        if (other != null) {
          throw new ZlensException(
              Kind.DATA,
              "tensor '" + name + "' is in '" + other.path() + "' and in '" + file.path() + "'",
              null);
        }
      }
    }
  }

  /** Whether there is a tensor of this name. */
  public boolean has(String name) {
    return files.containsKey(name);
  }

  /** Reads a tensor of a known shape into the scope that the caller has open. */
  public Tensor read(String name, long... shape) {
    TensorFile file = files.get(name);
    if (file == null) {
      throw new ZlensException(
          Kind.DATA, "'" + place + "' has no tensor '" + name + "'", "is it another model?");
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
      progress.step(read.size(), files.size());
      return scope.keep(tensor);
    }
  }

  /** Reads a matrix that is stored output by input, as input by output. */
  public Tensor readTransposed(String name, long out, long in) {
    try (Scope scope = Scope.open()) {
      return scope.keep(read(name, out, in).transpose(0, 1).copy());
    }
  }

  /** Reads a vector that some models of a family lack, for whom it is zero. */
  public Tensor readOrZeros(String name, long size) {
    return has(name) ? read(name, size) : Tensor.zeros(size);
  }

  /** Refuses files with tensors that nobody asked for, but for names that the filter lets go. */
  public void requireAllRead(Predicate<String> ignorable) {
    files.forEach(
        (name, file) -> {
          if (!read.contains(name) && !ignorable.test(name)) {
            throw new ZlensException(
                Kind.DATA,
                "'" + file.path() + "' has a tensor '" + name + "' that this architecture lacks",
                null);
          }
        });
  }
}
