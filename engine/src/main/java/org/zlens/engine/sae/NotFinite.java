package org.zlens.engine.sae;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import org.zlens.engine.io.DataFault;

/** Counts the values of a tensor that are no numbers, to name the first of them. */
final class NotFinite {
  private final Path path;
  private final String tensor;
  private long bad;
  private long first;
  private float value;

  NotFinite(Path path, String tensor) {
    this.path = path;
    this.tensor = tensor;
  }

  /** Notes a part of the tensor that begins at an index, of which so many are not finite. */
  void add(long count, long begin, FloatBuffer values) {
    if (count > 0 && bad == 0) {
      int at = 0;
      while (Float.isFinite(values.get(at))) {
        at++;
      }
      first = begin + at;
      value = values.get(at);
    }
    bad += count;
  }

  /** Throws an exception of kind DATA if there were any. */
  void refuse() {
    if (bad > 0) {
      throw DataFault.in(
          path,
          "tensor '"
              + tensor
              + "' holds "
              + bad
              + (bad == 1 ? " value that is" : " values that are")
              + " not finite, the first "
              + value
              + " at "
              + first);
    }
  }
}
