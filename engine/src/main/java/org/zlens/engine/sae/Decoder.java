package org.zlens.engine.sae;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * The decoder directions of an SAE, {@code [d_sae, d_out]}, in memory or still in their file. Of
 * those in a file the ones that are asked for are read, and kept; once they are many, or where
 * something needs all of them, so is the rest. Of several threads one reads and the others wait.
 */
final class Decoder implements AutoCloseable {
  /** Whole matrices are read once so many parts of them have been. */
  private static final int FEW = 8;

  private final SaeMatrix file;
  private final Map<Integer, float[]> read = new HashMap<>();
  private Tensor whole;

  private Decoder(SaeMatrix file, Tensor whole) {
    this.file = file;
    this.whole = whole;
  }

  /** Directions in memory, which it takes over once {@link #release} is called. */
  static Decoder of(Tensor whole) {
    return new Decoder(null, whole);
  }

  /** Directions of a matrix of which single rows can be read, or of one in memory. */
  static Decoder of(SaeMatrix matrix) {
    return matrix.hasRowsInFile() ? new Decoder(matrix, null) : of(matrix.tensor());
  }

  /** Takes what is in memory out of the open scope. */
  void release() {
    if (whole != null) {
      Scope.release(whole);
    }
  }

  /** Their shape. */
  long[] shape() {
    return file == null ? whole.shape() : new long[] {file.rows(), file.columns()};
  }

  /** How many of them are in memory. */
  synchronized long inMemory() {
    return whole == null ? read.size() : whole.size(0);
  }

  /** All of them. */
  synchronized Tensor all() {
    if (whole == null) {
      try (Scope scope = Scope.open()) {
        whole = Scope.release(file.tensor());
      }
      read.clear();
    }
    return whole;
  }

  /** Some of them, {@code [features.length, d_out]}, in the open scope. */
  synchronized Tensor rows(long[] features) {
    if (whole == null && !keep(features)) {
      all();
    }
    if (whole != null) {
      return whole.indexSelect(0, features);
    }
    int width = file.columns();
    float[] values = new float[features.length * width];
    for (int i = 0; i < features.length; i++) {
      System.arraycopy(read.get((int) features[i]), 0, values, i * width, width);
    }
    return Tensor.of(values, features.length, width);
  }

  /** Reads those that are missing, unless they are too many. */
  private boolean keep(long[] features) {
    int[] missing = missing(features);
    if ((long) FEW * (read.size() + missing.length) > file.rows()) {
      return false;
    }
    if (missing.length > 0) {
      List<float[]> found = file.rows(missing);
      for (int i = 0; i < missing.length; i++) {
        read.put(missing[i], found.get(i));
      }
    }
    return true;
  }

  private int[] missing(long[] features) {
    return Arrays.stream(features)
        .mapToInt(feature -> (int) feature)
        .filter(feature -> !read.containsKey(feature))
        .distinct()
        .sorted()
        .toArray();
  }

  @Override
  public synchronized void close() {
    read.clear();
    if (whole != null) {
      whole.close();
    }
  }
}
