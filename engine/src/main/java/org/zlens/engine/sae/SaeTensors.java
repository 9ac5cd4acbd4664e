package org.zlens.engine.sae;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import org.zlens.engine.ZlensException;
import org.zlens.engine.io.DataFault;
import org.zlens.engine.io.Names;
import org.zlens.engine.io.TensorFile;
import org.zlens.engine.io.TensorInfo;

/**
 * The tensors of an SAE, taken one by one: each must be there, of the shape that the configuration
 * asks for, and finite; and no tensor may be left over.
 */
public final class SaeTensors {
  private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

  private final TensorFile file;
  private final String prefix;
  private final Set<String> left;

  /** The tensors of a file whose names begin with the prefix, which may be empty. */
  public SaeTensors(TensorFile file, String prefix) {
    this.file = file;
    this.prefix = prefix;
    this.left = new LinkedHashSet<>(file.names());
  }

  /** The file. */
  public Path path() {
    return file.path();
  }

  /** Whether there is a tensor of that name. */
  public boolean has(String name) {
    return file.names().contains(prefix + name);
  }

  /** Type and shape of a tensor, which must be there. */
  public TensorInfo info(String name) {
    if (!has(name)) {
      throw DataFault.in(
          path(), "has no tensor '" + prefix + name + "'", "it has " + Names.list(file.names()));
    }
    return file.info(prefix + name);
  }

  /** The values of a tensor, row-major. */
  public float[] take(String name, long... shape) {
    check(name, shape);
    float[] values = file.floats(prefix + name);
    requireFinite(prefix + name, values);
    return values;
  }

  /** A matrix, whose values are read and checked when they are needed. */
  SaeMatrix matrix(String name, int rows, int columns) {
    check(name, rows, columns);
    return SaeMatrix.in(file, prefix + name, rows, columns, false);
  }

  /** A matrix that the file holds transposed; the shape is the one in the file. */
  SaeMatrix transposedMatrix(String name, int rows, int columns) {
    check(name, rows, columns);
    return SaeMatrix.in(file, prefix + name, columns, rows, true);
  }

  private void check(String name, long... shape) {
    TensorInfo info = info(name);
    if (!info.hasShape(shape)) {
      throw DataFault.in(
          path(),
          "tensor '"
              + prefix
              + name
              + "' has the shape "
              + info.shapeText()
              + ", expected "
              + Arrays.toString(shape),
          transposed(info, shape) ? "it looks transposed" : null);
    }
    if (!info.type().isFloat()) {
      throw fault("tensor '" + prefix + name + "' holds " + info.type() + ", expected floats");
    }
    if (info.count() > LARGEST_ARRAY) {
      throw fault(
          "tensor '" + prefix + name + "' " + info.shapeText() + " is too large for an array");
    }
    left.remove(prefix + name);
  }

  /** The values of a matrix, transposed; the shape is the one in the file. */
  public float[] takeTransposed(String name, int rows, int columns) {
    return transposedMatrix(name, rows, columns).values();
  }

  /** Refuses tensors that nobody took. */
  public void refuseLeftOver(String architecture) {
    if (!left.isEmpty()) {
      throw DataFault.in(
          path(),
          "has the unknown tensor "
              + Names.list(left)
              + ", which a "
              + architecture
              + " SAE does not have");
    }
  }

  private void requireFinite(String name, float[] values) {
    long bad = 0;
    for (float value : values) {
      if (!Float.isFinite(value)) {
        bad++;
      }
    }
    NotFinite found = new NotFinite(path(), name);
    found.add(bad, 0, FloatBuffer.wrap(values));
    found.refuse();
  }

  private static boolean transposed(TensorInfo info, long[] shape) {
    return shape.length == 2 && info.hasShape(shape[1], shape[0]);
  }

  private ZlensException fault(String message) {
    return DataFault.in(path(), message);
  }
}
