package org.zlens.engine.model;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.zlens.engine.runtime.GradMode;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/** The shapes of the tensors of each part of a model, found without their values. */
final class WeightShapes {
  static final String EMBEDDING = "embedding";
  static final String UNEMBEDDING = "unembedding";

  private final Map<String, Map<String, long[]>> parts = new LinkedHashMap<>();

  private WeightShapes() {}

  /** What a block is called. */
  static String block(int layer) {
    return "block-" + layer;
  }

  /**
   * The shapes of weights whose tensors may be without values. All blocks of a model are alike.
   *
   * @param stored the same before processing, which is asked for every block, so that each is known
   *     to be there
   */
  static WeightShapes of(WeightParts weights, WeightParts stored, int layers) {
    WeightShapes shapes = new WeightShapes();
    try (GradMode off = GradMode.off()) {
      shapes.add(EMBEDDING, () -> weights.embedding().named());
      shapes.add(block(0), () -> weights.block(0).named());
      for (int layer = 1; layer < layers; layer++) {
        int number = layer;
        shapes.add(block(layer), () -> stored.block(number).named());
        shapes.parts.put(block(layer), shapes.parts.get(block(0)));
      }
      shapes.add(UNEMBEDDING, () -> weights.unembedding().named());
    }
    return shapes;
  }

  private void add(String part, Supplier<Map<String, Tensor>> named) {
    try (Scope scope = Scope.open()) {
      Map<String, long[]> own = new LinkedHashMap<>();
      named
          .get()
          .forEach(
              (name, tensor) -> {
                own.put(name, tensor.shape());
                // Processing takes what it makes out of all scopes.
                tensor.close();
              });
      parts.put(part, own);
    }
  }

  /** The shapes of a part's tensors by their names. */
  Map<String, long[]> of(String part) {
    return Collections.unmodifiableMap(parts.get(part));
  }

  /** Bytes of a part as 32-bit floats. */
  long bytes(String part) {
    return parts.get(part).values().stream().mapToLong(WeightShapes::bytes).sum();
  }

  /** Bytes of all parts as 32-bit floats. */
  long bytes() {
    return parts.keySet().stream().mapToLong(this::bytes).sum();
  }

  private static long bytes(long[] shape) {
    return Arrays.stream(shape).reduce(Float.BYTES, Math::multiplyExact);
  }
}
