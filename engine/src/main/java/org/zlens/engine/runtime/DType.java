package org.zlens.engine.runtime;

import ai.djl.ndarray.types.DataType;

/**
 * Element types that the engine computes with.
 *
 * <p>The list is closed on purpose: the binding below aborts the process for the types that it does
 * not know (bfloat16 among them), so files in other types are converted while they are read.
 */
public enum DType {
  FLOAT32(DataType.FLOAT32, 4),
  FLOAT64(DataType.FLOAT64, 8),
  INT64(DataType.INT64, 8),
  BOOL(DataType.BOOLEAN, 1);

  private final DataType djl;
  private final int bytes;

  DType(DataType djl, int bytes) {
    this.djl = djl;
    this.bytes = bytes;
  }

  /** Bytes per element. */
  public int bytes() {
    return bytes;
  }

  DataType djl() {
    return djl;
  }

  static DType of(DataType type) {
    for (DType known : values()) {
      if (known.djl == type) {
        return known;
      }
    }
    throw new IllegalStateException("no element type for " + type);
  }
}
