package org.zlens.engine.sae;

import java.nio.FloatBuffer;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * Encodes vectors and hands on the active features alone. It costs little more than the product
 * with the encoder: the dense pre-activations of a block are looked through once, where they lie.
 */
public final class SparseEncoding {
  /** Most dense numbers of a block: 64 MB. */
  private static final long MOST_DENSE = 16L << 20;

  private SparseEncoding() {}

  /** Takes the active features of one vector. */
  @FunctionalInterface
  public interface RowVisitor {
    /**
     * A row and its active features; the arrays are used again for the next one.
     *
     * @param row counted over all vectors
     * @param count how many of the entries of both arrays count
     * @param features rising
     */
    void row(int row, int count, int[] features, float[] values);
  }

  /** Encodes vectors {@code [.., d_in]}, row by row in their order. */
  public static void of(Sae sae, Tensor vectors, RowVisitor visitor) {
    of(sae, vectors, Math.max(1, MOST_DENSE / sae.features()), visitor);
  }

  /** The same, so many vectors at a time. */
  static void of(Sae sae, Tensor vectors, long block, RowVisitor visitor) {
    try (Scope scope = Scope.open()) {
      Tensor flat = sae.flatten(vectors).reshape(-1, sae.width());
      float[] threshold = sae.encoder().independent() ? sae.thresholds() : new float[0];
      Scan scan = new Scan(sae.features(), threshold, visitor);
      for (long from = 0; from < flat.size(0); from += block) {
        try (Scope inner = Scope.open()) {
          Tensor some = flat.slice(0, from, Math.min(from + block, flat.size(0)));
          Tensor dense = sae.encoder().independent() ? sae.preActivations(some) : sae.encode(some);
          dense.read(bytes -> scan.rows(bytes.asFloatBuffer()));
        }
      }
    }
  }

  /** Looks through rows of pre-activations, or of activations. */
  private static final class Scan {
    private final float[] threshold;
    private final RowVisitor visitor;
    private final float[] dense;
    private final int[] features;
    private final float[] values;
    private int row;

    Scan(int width, float[] threshold, RowVisitor visitor) {
      this.threshold = threshold;
      this.visitor = visitor;
      this.dense = new float[width];
      this.features = new int[width];
      this.values = new float[width];
    }

    void rows(FloatBuffer buffer) {
      while (buffer.hasRemaining()) {
        buffer.get(dense);
        int count = threshold.length == 0 ? positive() : above();
        visitor.row(row++, count, features, values);
      }
    }

    private int positive() {
      int count = 0;
      for (int i = 0; i < dense.length; i++) {
        float value = dense[i];
        if (value > 0) {
          features[count] = i;
          values[count++] = value;
        }
      }
      return count;
    }

    private int above() {
      int count = 0;
      for (int i = 0; i < dense.length; i++) {
        float value = dense[i];
        if (value > 0 && value > threshold[i]) {
          features[count] = i;
          values[count++] = value;
        }
      }
      return count;
    }
  }
}
