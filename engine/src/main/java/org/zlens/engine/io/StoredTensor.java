package org.zlens.engine.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;

/**
 * Where the elements of one tensor lie, and how to convert them. The maker has checked that every
 * element lies inside the block.
 *
 * @param start byte position in the block of the element with all indices zero
 * @param strides distance between neighbours along each axis, in elements; null if contiguous
 */
record StoredTensor(TensorInfo info, Block block, long start, ByteOrder order, long[] strides) {
  /** Bytes read at a time; also the most that a conversion holds beside its destination. */
  private static final int WINDOW = 1 << 20;

  private static final int EXPONENT = 0x7f800000;

  /** Takes the elements of a window one by one; the index counts from the first one asked for. */
  private interface Sink {
    void accept(long index, ByteBuffer window, int position);
  }

  static StoredTensor contiguous(TensorInfo info, Block block, long start, ByteOrder order) {
    return new StoredTensor(info, block, start, order, null);
  }

  /** Writes elements as floats at the target's position; returns how many were not finite. */
  long readFloats(long first, long count, ByteBuffer target) throws IOException {
    ElementType type = info.type();
    if (type == ElementType.F32 && strides == null && order == ByteOrder.nativeOrder()) {
      return copyFloats(first, count, target);
    }
    int base = target.position();
    long[] bad = {0};
    each(
        first,
        count,
        (index, window, position) -> {
          float value = type.floatAt(window, position);
          target.putFloat(base + (int) index * Float.BYTES, value);
          if (!Float.isFinite(value)) {
            bad[0]++;
          }
        });
    target.position(base + (int) count * Float.BYTES);
    return bad[0];
  }

  /** Reads all elements as integers. */
  long[] readLongs() throws IOException {
    ElementType type = info.type();
    long[] values = new long[Math.toIntExact(info.count())];
    each(
        0,
        values.length,
        (index, window, position) -> values[(int) index] = type.longAt(window, position));
    return values;
  }

  private long copyFloats(long first, long count, ByteBuffer target) throws IOException {
    long bad = 0;
    long done = 0;
    while (done < count) {
      int values = (int) Math.min(count - done, WINDOW / Float.BYTES);
      ByteBuffer part =
          target.slice(target.position(), values * Float.BYTES).order(ByteOrder.nativeOrder());
      block.read(start + (first + done) * Float.BYTES, part);
      IntBuffer bits = part.flip().order(ByteOrder.nativeOrder()).asIntBuffer();
      for (int i = 0; i < values; i++) {
        if ((bits.get(i) & EXPONENT) == EXPONENT) {
          bad++;
        }
      }
      target.position(target.position() + values * Float.BYTES);
      done += values;
    }
    return bad;
  }

  private void each(long first, long count, Sink sink) throws IOException {
    if (count == 0) {
      return;
    }
    if (strides == null) {
      eachInOrder(first, count, sink);
    } else {
      eachByStride(first, count, sink);
    }
  }

  private void eachInOrder(long first, long count, Sink sink) throws IOException {
    int bytes = info.type().bytes();
    int most = WINDOW / bytes;
    ByteBuffer window = ByteBuffer.allocate((int) Math.min(most, count) * bytes).order(order);
    for (long done = 0; done < count; ) {
      int values = (int) Math.min(most, count - done);
      window.clear().limit(values * bytes);
      block.read(start + (first + done) * bytes, window);
      for (int i = 0; i < values; i++) {
        sink.accept(done + i, window, i * bytes);
      }
      done += values;
    }
  }

  /**
   * Views and Fortran order: walks the axes in the order of their strides, so that the file is read
   * forwards through one window and it is the destination that is written out of order.
   */
  private void eachByStride(long first, long count, Sink sink) throws IOException {
    int bytes = info.type().bytes();
    StrideWalk walk = new StrideWalk(info.shape(), strides);
    ByteBuffer window = ByteBuffer.allocate((int) Math.min(WINDOW, block.size())).order(order);
    long from = 0;
    long to = 0;
    do {
      long index = walk.index() - first;
      if (index < 0 || index >= count) {
        continue;
      }
      long at = start + walk.offset() * bytes;
      if (at < from || at + bytes > to) {
        from = at;
        to = at + Math.min(window.capacity(), block.size() - at);
        window.clear().limit((int) (to - from));
        block.read(from, window);
      }
      sink.accept(index, window, (int) (at - from));
    } while (walk.next());
  }
}
