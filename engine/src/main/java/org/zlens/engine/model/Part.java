package org.zlens.engine.model;

import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.zlens.engine.runtime.GradMode;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * A part of a model's weights, which are made when somebody first asks for them. Of several threads
 * one makes them and the others wait; what could not be made is tried again the next time.
 */
final class Part<T> implements AutoCloseable {
  private final Supplier<T> source;
  private final Function<T, Map<String, Tensor>> named;
  private T made;
  private boolean closed;

  private Part(Supplier<T> source, Function<T, Map<String, Tensor>> named, T made) {
    this.source = source;
    this.named = named;
    this.made = made;
  }

  /** A part that is there. */
  static <T> Part<T> of(T made, Function<T, Map<String, Tensor>> named) {
    return new Part<>(null, named, made);
  }

  /**
   * A part to be made by a source.
   *
   * @param named the tensors of a part
   */
  static <T> Part<T> from(Supplier<T> source, Function<T, Map<String, Tensor>> named) {
    return new Part<>(source, named, null);
  }

  synchronized T get() {
    if (closed) {
      throw new IllegalStateException("the weights were freed already");
    }
    if (made == null) {
      try (GradMode off = GradMode.off();
          Scope scope = Scope.open()) {
        T found = source.get();
        // Not before all is well: what was read of a broken file goes with this scope.
        named.apply(found).values().forEach(Scope::release);
        made = found;
      }
    }
    return made;
  }

  synchronized boolean isMade() {
    return made != null;
  }

  /** Bytes that the tensors take; none before they are made. */
  synchronized long bytes() {
    return made == null
        ? 0
        : named.apply(made).values().stream().mapToLong(Tensor::byteCount).sum();
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (made != null) {
      named.apply(made).values().forEach(Tensor::close);
    }
  }
}
