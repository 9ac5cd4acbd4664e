package org.zlens.dsl.diagnostic;

import java.io.Serial;

/** Carries a {@link Diagnostic} to whoever shows it. */
public final class DiagnosticException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final transient Diagnostic diagnostic;

  public DiagnosticException(Diagnostic diagnostic) {
    super(diagnostic.message(), diagnostic.cause());
    this.diagnostic = diagnostic;
  }

  public Diagnostic diagnostic() {
    return diagnostic;
  }
}
