package org.zlens.dsl.command;

import java.io.Serial;
import org.zlens.dsl.session.ValueKind;

/** Says that an argument hangs on a value that only the run will give. */
final class NotYetKnown extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final ValueKind kind;

  NotYetKnown(ValueKind kind) {
    super("not yet known", null, false, false);
    this.kind = kind;
  }

  /** The kind of the value, if the argument is nothing but a variable; else any. */
  ValueKind kind() {
    return kind;
  }
}
