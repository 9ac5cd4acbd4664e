package org.zlens.engine.model;

import java.nio.ByteBuffer;
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
import org.zlens.engine.io.ElementType;
import org.zlens.engine.io.FileVersion;
import org.zlens.engine.io.TensorFile;
import org.zlens.engine.runtime.DType;
import org.zlens.engine.runtime.Interruption;
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * Weights in one file or several: each is asked for by name and shape, read straight into native
 * memory as 32-bit floats, and refused if it has another shape or is not finite.
 *
 * <p>A file is opened when the first tensor of it is asked for, and must be what it was when its
 * index was read. While only names and shapes are checked nothing is read, and the tensors have
 * shapes but no values.
 */
public final class StoredWeights implements AutoCloseable {
  /** Bytes that are read at once, and held beside a matrix that is turned as it is read. */
  private static final long WINDOW = 1 << 22;

  private final Path place;
  private final Map<String, TensorFile> files;
  private final Map<TensorFile, FileVersion> versions;
  private final Map<TensorFile, TensorFile> open = new LinkedHashMap<>();
  private final Progress progress;
  private final boolean shapesOnly;
  private final Set<String> read = new HashSet<>();

  private StoredWeights(
      Path place,
      Map<String, TensorFile> files,
      Map<TensorFile, FileVersion> versions,
      Progress progress,
      boolean shapesOnly) {
    this.place = place;
    this.files = files;
    this.versions = versions;
    this.progress = progress;
    this.shapesOnly = shapesOnly;
  }

  /**
   * Weights in files whose indices were read; nothing is open.
   *
   * @param place what to name where no file is to blame: the file if there is one, or their folder
   * @param versions the files with what they were when their index was read
   * @throws ZlensException of kind DATA if two files have a tensor of the same name
   */
  static StoredWeights of(Path place, Map<TensorFile, FileVersion> versions) {
    Map<String, TensorFile> files = new LinkedHashMap<>();
    for (TensorFile file : versions.keySet()) {
      for (String name : file.names()) {
        TensorFile other = files.put(name, file);
        if (other != null) {
          throw new ZlensException(
              Kind.DATA,
              "tensor '" + name + "' is in '" + other.path() + "' and in '" + file.path() + "'",
              null);
        }
      }
    }
    return new StoredWeights(place, files, versions, Progress.NONE, false);
  }

  /** The same to be read from, by one thread. */
  StoredWeights reading() {
    return new StoredWeights(place, files, versions, Progress.NONE, false);
  }

  /**
   * The same for names and shapes alone.
   *
   * @param heard hears of each tensor that was asked for and may end it
   */
  StoredWeights shapes(Progress heard) {
    return new StoredWeights(place, files, versions, heard, true);
  }

  /** Whether there is a tensor of this name. */
  public boolean has(String name) {
    return files.containsKey(name);
  }

  /** Reads a tensor of a known shape into the scope that the caller has open. */
  public Tensor read(String name, long... shape) {
    TensorFile file = found(name, shape);
    if (shapesOnly) {
      return Tensor.shapeOnly(shape);
    }
    try (Scope scope = Scope.open()) {
      Tensor tensor = Tensor.empty(DType.FLOAT32, shape);
      fill(file, name, tensor);
      return scope.keep(tensor);
    }
  }

  /** Reads a matrix that is stored output by input, as input by output. */
  public Tensor readTransposed(String name, long out, long in) {
    TensorFile file = found(name, out, in);
    if (shapesOnly) {
      return Tensor.shapeOnly(in, out);
    }
    try (Scope scope = Scope.open()) {
      Tensor tensor = Tensor.empty(DType.FLOAT32, in, out);
      long rows = Math.max(1, WINDOW / (in * Float.BYTES));
      for (long first = 0; first < out; first += rows) {
        try (Scope part = Scope.open()) {
          long end = Math.min(first + rows, out);
          Tensor some = Tensor.empty(DType.FLOAT32, end - first, in);
          read(file, name, first * in, some);
          Kernels.run("put_transposed", List.of(tensor), some, first);
        }
      }
      return scope.keep(tensor);
    }
  }

  /** Reads a vector that some models of a family lack, for whom it is zero. */
  public Tensor readOrZeros(String name, long size) {
    return has(name) ? read(name, size) : zeros(size);
  }

  /** A vector of zeros. */
  public Tensor zeros(long size) {
    return shapesOnly ? Tensor.shapeOnly(size) : Tensor.zeros(size);
  }

  /** A vector of ones. */
  public Tensor ones(long size) {
    return shapesOnly ? Tensor.shapeOnly(size) : Tensor.full(1, size);
  }

  /** The file that has a tensor, which must be of this shape. */
  private TensorFile found(String name, long... shape) {
    TensorFile known = files.get(name);
    if (known == null) {
      throw new ZlensException(
          Kind.DATA, "'" + place + "' has no tensor '" + name + "'", "is it another model?");
    }
    TensorFile file = shapesOnly ? known : opened(known);
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
    ElementType type = file.info(name).type();
    if (!type.isFloat()) {
      throw new ZlensException(
          Kind.DATA,
          "tensor '" + name + "' in '" + file.path() + "' holds " + type + ", which are no weights",
          "are they quantised? Only floating-point weights are read");
    }
    if (read.add(name)) {
      progress.step(read.size(), files.size());
    }
    return file;
  }

  private TensorFile opened(TensorFile known) {
    TensorFile file = open.get(known);
    if (file == null) {
      versions.get(known).requireUnchanged();
      file = known.reopened();
      open.put(known, file);
    }
    return file;
  }

  private static void fill(TensorFile file, String name, Tensor tensor) {
    long rows = tensor.rank() == 0 ? 1 : tensor.size(0);
    long each = rows == 0 ? 0 : tensor.elements() / rows;
    if (tensor.byteCount() <= WINDOW) {
      read(file, name, 0, tensor);
      return;
    }
    long step = Math.max(1, WINDOW / (each * Float.BYTES));
    for (long first = 0; first < rows; first += step) {
      try (Scope part = Scope.open()) {
        read(file, name, first * each, tensor.slice(0, first, Math.min(first + step, rows)));
      }
    }
  }

  /** Reads elements that follow each other into a tensor. */
  private static void read(TensorFile file, String name, long first, Tensor tensor) {
    Interruption.poll();
    tensor.write(
        (ByteBuffer buffer) -> {
          long broken = file.readFloats(name, first, tensor.elements(), buffer);
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
  }

  /** Refuses files with tensors that nobody asked for, but for names that the filter lets go. */
  void requireAllRead(Predicate<String> ignorable) {
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

  /**
   * Says that all is read.
   *
   * @throws ZlensException of kind DATA if a file has changed meanwhile
   */
  void requireUnchanged() {
    open.keySet().forEach(known -> versions.get(known).requireUnchanged());
  }

  /** Closes what is open; tensors read before stay valid. */
  @Override
  public void close() {
    open.values().forEach(TensorFile::close);
    open.clear();
  }
}
