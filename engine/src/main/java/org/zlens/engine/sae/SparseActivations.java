package org.zlens.engine.sae;

import java.util.Arrays;
import org.zlens.engine.runtime.Tensor;

/**
 * The active features of many vectors with their activations, row by row and in the order of the
 * features: what is left of {@code [row, d_sae]} without its zeros.
 */
public final class SparseActivations {
  private final int width;
  private int rows;
  private int[] ends = new int[64];
  private int[] features = new int[1024];
  private float[] values = new float[1024];

  private SparseActivations(int width) {
    this.width = width;
  }

  /**
   * Encodes vectors {@code [.., d_in]}, block by block, so that the dense activations of a block
   * alone are in memory at a time.
   */
  public static SparseActivations of(Sae sae, Tensor vectors) {
    SparseActivations all = new SparseActivations(sae.features());
    SparseEncoding.of(sae, vectors, all::add);
    return all;
  }

  private void add(int row, int count, int[] active, float[] acts) {
    int begin = rows == 0 ? 0 : ends[rows - 1];
    int end = Math.addExact(begin, count);
    if (end > features.length) {
      int room = (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(end, 2L * features.length));
      features = Arrays.copyOf(features, room);
      values = Arrays.copyOf(values, room);
    }
    if (rows == ends.length) {
      ends = Arrays.copyOf(ends, 2 * rows);
    }
    System.arraycopy(active, 0, features, begin, count);
    System.arraycopy(acts, 0, values, begin, count);
    ends[rows++] = end;
  }

  /** Number of vectors. */
  public int rows() {
    return rows;
  }

  /** Number of features of the SAE. */
  public int width() {
    return width;
  }

  /** Number of activations over all rows. */
  public int count() {
    return rows == 0 ? 0 : ends[rows - 1];
  }

  /** The active features of a row, rising. */
  public int[] features(int row) {
    return Arrays.copyOfRange(features, begin(row), ends[row]);
  }

  /** The activations of a row, in the order of {@link #features}. */
  public float[] values(int row) {
    return Arrays.copyOfRange(values, begin(row), ends[row]);
  }

  /** The activation of a feature in a row, 0 where it is not active. */
  public float value(int row, int feature) {
    int at = Arrays.binarySearch(features, begin(row), ends[row], feature);
    return at < 0 ? 0 : values[at];
  }

  /** Takes an active feature of a row. */
  @FunctionalInterface
  public interface Visitor {
    /** A feature with its activation. */
    void visit(int feature, float value);
  }

  /** Shows the active features of a row, rising. */
  public void forEach(int row, Visitor visitor) {
    int end = ends[row];
    for (int i = begin(row); i < end; i++) {
      visitor.visit(features[i], values[i]);
    }
  }

  private int begin(int row) {
    if (row < 0 || row >= rows) {
      throw new IndexOutOfBoundsException("row " + row + " of " + rows);
    }
    return row == 0 ? 0 : ends[row - 1];
  }
}
