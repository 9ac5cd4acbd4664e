package org.zlens.engine.sae;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.zlens.engine.io.DataFault;
import org.zlens.engine.io.FileVersion;
import org.zlens.engine.io.Safetensors;
import org.zlens.engine.io.TensorFile;
import org.zlens.engine.runtime.DType;
import org.zlens.engine.runtime.Tensor;

/**
 * A matrix of an SAE, in memory or still in its file. One in a file is read each time its values
 * are asked for; its name, shape and type were checked when the file was opened, its values are
 * checked when they are read.
 */
public final class SaeMatrix {
  private static final int WINDOW = 1 << 18;

  private final int rows;
  private final int columns;
  private final float[] inMemory;
  private final Source source;
  private final boolean transposed;
  private final double factor;
  private final float[] rowFactors;

  /** Where a matrix is that is not in memory. */
  private record Source(String name, TensorFile file, FileVersion version) {
    Path path() {
      return file.path();
    }
  }

  private SaeMatrix(
      int rows,
      int columns,
      float[] inMemory,
      Source source,
      boolean transposed,
      double factor,
      float[] rowFactors) {
    this.rows = rows;
    this.columns = columns;
    this.inMemory = inMemory;
    this.source = source;
    this.transposed = transposed;
    this.factor = factor;
    this.rowFactors = rowFactors;
  }

  /** Values in memory, row-major, which the matrix takes over. */
  static SaeMatrix of(float[] values, int rows, int columns) {
    if (values.length != (long) rows * columns) {
      throw new IllegalArgumentException(
          values.length + " values of a matrix of " + rows + " by " + columns);
    }
    return new SaeMatrix(rows, columns, values, null, false, 1, null);
  }

  /**
   * A tensor of an open file, which the caller has checked and may close.
   *
   * @param rows of the matrix, which are the columns of the tensor if it is transposed
   */
  static SaeMatrix in(TensorFile file, String name, int rows, int columns, boolean transposed) {
    Source source = new Source(name, file, FileVersion.of(file.path()));
    return new SaeMatrix(rows, columns, null, source, transposed, 1, null);
  }

  /** The same with every value multiplied by a number. */
  SaeMatrix scaled(double by) {
    requireUnscaled();
    return new SaeMatrix(rows, columns, inMemory, source, transposed, by, rowFactors);
  }

  /** The same with every row multiplied by a number of its own, before anything else. */
  SaeMatrix rowsScaled(float[] by) {
    requireUnscaled();
    return new SaeMatrix(rows, columns, inMemory, source, transposed, 1, by.clone());
  }

  private void requireUnscaled() {
    if (factor != 1) {
      throw new IllegalStateException("the matrix is scaled already");
    }
  }

  /** Number of rows. */
  public int rows() {
    return rows;
  }

  /** Number of columns. */
  public int columns() {
    return columns;
  }

  /** Whether the values are in memory already. */
  public boolean isInMemory() {
    return inMemory != null;
  }

  /** Whether the values are in a file in which each row lies by itself. */
  boolean hasRowsInFile() {
    return inMemory == null && !transposed && source.file() instanceof Safetensors;
  }

  /**
   * Some rows, read from the file.
   *
   * @param wanted their numbers
   * @throws org.zlens.engine.ZlensException of kind DATA if the file has changed, cannot be read,
   *     or holds values in them that are not finite
   */
  List<float[]> rows(int[] wanted) {
    source.version().requireUnchanged();
    List<float[]> found = new ArrayList<>();
    try (TensorFile file = opened()) {
      ByteBuffer bytes = ByteBuffer.allocate(columns * Float.BYTES).order(ByteOrder.nativeOrder());
      NotFinite bad = new NotFinite(source.path(), source.name());
      for (int row : wanted) {
        long first = (long) row * columns;
        long strange = file.readFloats(source.name(), first, columns, bytes.clear());
        FloatBuffer floats = bytes.flip().asFloatBuffer();
        bad.add(strange, first, floats);
        float[] values = new float[columns];
        for (int i = 0; i < columns; i++) {
          values[i] = scaled(floats.get(i), row);
        }
        found.add(values);
      }
      bad.refuse();
    }
    source.version().requireUnchanged();
    return found;
  }

  /** The file, whose layout must be what it was. */
  private TensorFile opened() {
    TensorFile file = source.file().reopened();
    try {
      if (!Arrays.equals(file.info(source.name()).shape(), stored())) {
        throw DataFault.in(source.path(), "has changed since it was opened", "open it again");
      }
      return file;
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private float scaled(float value, int row) {
    float own = rowFactors == null ? value : value * rowFactors[row];
    return factor == 1 ? own : (float) (own * factor);
  }

  /** The same in memory. */
  SaeMatrix read() {
    boolean plain = inMemory != null && factor == 1 && rowFactors == null;
    return plain ? this : of(values(), rows, columns);
  }

  /**
   * The values, row-major; do not change them.
   *
   * @throws org.zlens.engine.ZlensException of kind DATA if the file has changed, cannot be read,
   *     or holds values that are not finite
   */
  public float[] values() {
    if (inMemory != null && factor == 1 && rowFactors == null) {
      return inMemory;
    }
    float[] values = new float[Math.multiplyExact(rows, columns)];
    fill(FloatBuffer.wrap(values));
    return values;
  }

  /** The values in native memory {@code [rows, columns]}, in the caller's scope; fails likewise. */
  Tensor tensor() {
    if (inMemory != null && factor == 1 && rowFactors == null) {
      return Tensor.of(inMemory, rows, columns);
    }
    Tensor tensor = Tensor.empty(DType.FLOAT32, rows, columns);
    tensor.write(buffer -> fill(buffer.asFloatBuffer()));
    return tensor;
  }

  private void fill(FloatBuffer target) {
    if (inMemory != null) {
      put(0, FloatBuffer.wrap(inMemory), target);
      return;
    }
    source.version().requireUnchanged();
    try (TensorFile file = opened()) {
      int count = Math.multiplyExact(rows, columns);
      ByteBuffer window =
          ByteBuffer.allocate(Math.min(count, WINDOW) * Float.BYTES).order(ByteOrder.nativeOrder());
      NotFinite bad = new NotFinite(source.path(), source.name());
      for (int done = 0; done < count; ) {
        int some = Math.min(WINDOW, count - done);
        long strange = file.readFloats(source.name(), done, some, window.clear());
        FloatBuffer floats = window.flip().asFloatBuffer();
        bad.add(strange, done, floats);
        put(done, floats, target);
        done += some;
      }
      bad.refuse();
    }
    source.version().requireUnchanged();
  }

  private long[] stored() {
    return transposed ? new long[] {columns, rows} : new long[] {rows, columns};
  }

  /** Puts values that begin at an index of the stored order where they belong, scaled. */
  private void put(int first, FloatBuffer values, FloatBuffer target) {
    int count = values.remaining();
    if (!transposed && factor == 1 && rowFactors == null) {
      target.put(first, values, 0, count);
      return;
    }
    int width = transposed ? rows : columns;
    int outer = first / width;
    int inner = first % width;
    for (int i = 0; i < count; i++) {
      int row = transposed ? inner : outer;
      int column = transposed ? outer : inner;
      target.put(row * columns + column, scaled(values.get(i), row));
      if (++inner == width) {
        inner = 0;
        outer++;
      }
    }
  }
}
