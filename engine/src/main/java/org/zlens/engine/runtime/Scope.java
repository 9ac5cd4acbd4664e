package org.zlens.engine.runtime;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The lifetime of native memory: every tensor made while a scope is open is freed when it closes,
 * unless it is kept.
 *
 * <p>Scopes nest and belong to the thread that opened them. A tensor made on a thread without an
 * open scope is an error, since nothing would ever free it.
 *
 * <pre>{@code
 * try (Scope scope = Scope.open()) {
 *   Tensor sum = a.add(b).sum();
 *   return scope.keep(sum); // goes to the enclosing scope, or to the caller if there is none
 * }
 * }</pre>
 */
public final class Scope implements AutoCloseable {
  private static final ThreadLocal<Deque<Scope>> OPEN = ThreadLocal.withInitial(ArrayDeque::new);

  private final Thread thread = Thread.currentThread();
  private final List<Tensor> owned = new ArrayList<>();
  private boolean closed;

  private Scope() {}

  /** Opens a scope on the calling thread. */
  public static Scope open() {
    Scope scope = new Scope();
    OPEN.get().push(scope);
    return scope;
  }

  static Scope innermost() {
    Scope scope = OPEN.get().peek();
    if (scope == null) {
      throw new IllegalStateException(
          "no scope is open on this thread: nothing would free the tensor");
    }
    return scope;
  }

  void register(Tensor tensor) {
    owned.add(tensor);
  }

  /**
   * Hands a tensor of this scope to the enclosing scope, or to the caller if there is none. A
   * tensor that is not of this scope, such as a weight or an operand given back unchanged, stays
   * with whoever owns it.
   */
  public Tensor keep(Tensor tensor) {
    Deque<Scope> stack = OPEN.get();
    if (stack.peek() != this) {
      throw new IllegalStateException("only the innermost scope can keep a tensor");
    }
    if (!tensor.belongsTo(this)) {
      return tensor;
    }
    tensor.leave();
    Scope outer = null;
    int depth = 0;
    for (Scope scope : stack) {
      if (depth++ == 1) {
        outer = scope;
        break;
      }
    }
    if (outer != null) {
      tensor.enter(outer);
    }
    return tensor;
  }

  /** Takes a tensor out of all scopes: the caller closes it. */
  public static Tensor release(Tensor tensor) {
    tensor.leave();
    return tensor;
  }

  /** Tensors that this scope would free now. */
  public int size() {
    return (int) owned.stream().filter(t -> t.belongsTo(this)).count();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    if (Thread.currentThread() != thread || OPEN.get().peek() != this) {
      throw new IllegalStateException("scopes close on their own thread, innermost first");
    }
    closed = true;
    OPEN.get().pop();
    for (int i = owned.size() - 1; i >= 0; i--) {
      Tensor tensor = owned.get(i);
      if (tensor.belongsTo(this)) {
        tensor.close();
      }
    }
  }
}
