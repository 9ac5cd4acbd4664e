package org.zlens.engine.runtime;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** The values of tensors of any size, row-major, a piece at a time. */
public final class Pieces {
  private static final long ELEMENTS = 1 << 22;

  private Pieces() {}

  /** Shows the bytes of a piece after the other, in native order, while the reader runs. */
  public static void read(Tensor tensor, Consumer<ByteBuffer> reader) {
    try (Scope scope = Scope.open()) {
      Tensor flat = tensor.reshape(-1);
      long all = tensor.elements();
      for (long first = 0; first < all; first += ELEMENTS) {
        try (Scope piece = Scope.open()) {
          flat.slice(0, first, Math.min(first + ELEMENTS, all)).read(reader);
        }
      }
    }
  }

  /** Copies elements from the first on to a buffer, in native order. */
  public static void copy(Tensor tensor, long first, int count, ByteBuffer target) {
    try (Scope scope = Scope.open()) {
      tensor.reshape(-1).slice(0, first, first + count).read(target::put);
    }
  }
}
