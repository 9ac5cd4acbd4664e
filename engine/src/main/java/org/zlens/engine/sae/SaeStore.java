package org.zlens.engine.sae;

import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.zlens.engine.runtime.Scope;

/**
 * The tensors of an SAE, which may still be in their file: the first use reads them. Of several
 * threads one reads and the others wait.
 */
final class SaeStore implements AutoCloseable {
  private Supplier<SaeParameters> source;
  private SaeParameters parameters;
  private boolean closed;

  /** Tensors that are there. */
  SaeStore(SaeParameters parameters) {
    this.parameters = parameters;
  }

  /** Tensors to be read at first use. */
  SaeStore(Supplier<SaeParameters> source) {
    this.source = source;
  }

  synchronized SaeParameters get() {
    if (closed) {
      throw new IllegalStateException("the SAE was closed already");
    }
    if (parameters == null) {
      try (Scope scope = Scope.open()) {
        parameters = source.get();
        source = null;
      }
    }
    return parameters;
  }

  synchronized boolean isLoaded() {
    return parameters != null;
  }

  /**
   * Changes the tensors, now or when they are read; the operator takes over what it is given and
   * gives back tensors of no scope.
   */
  synchronized void change(UnaryOperator<SaeParameters> change) {
    if (parameters != null) {
      try (Scope scope = Scope.open()) {
        parameters = change.apply(parameters);
      }
      return;
    }
    Supplier<SaeParameters> before = source;
    source = () -> change.apply(before.get());
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (parameters != null) {
      parameters.close();
      parameters = null;
    }
  }
}
