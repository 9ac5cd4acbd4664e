package org.zlens.engine.runtime;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where tensors live and are computed with.
 *
 * @param kind of the device
 * @param index which of its kind; 0 for the processor
 */
public record Device(Kind kind, int index) {
  /** The processor. */
  public static final Device CPU = new Device(Kind.CPU, 0);

  private static final Pattern CUDA = Pattern.compile("(?:cuda|gpu)(?::([0-9]{1,2}))?");

  /** Kinds of devices. */
  public enum Kind {
    /** The processor. */
    CPU,
    /** A GPU by NVIDIA. */
    CUDA,
    /** None: tensors have shapes alone, which tells where others would have to be. */
    META
  }

  /** A GPU by its number. */
  public static Device cuda(int index) {
    return new Device(Kind.CUDA, index);
  }

  /** A device by its name: {@code cpu}, {@code cuda} or {@code cuda:1}. */
  public static Optional<Device> parse(String name) {
    if (name.equals("cpu")) {
      return Optional.of(CPU);
    }
    Matcher cuda = CUDA.matcher(name);
    if (!cuda.matches()) {
      return Optional.empty();
    }
    return Optional.of(cuda(cuda.group(1) == null ? 0 : Integer.parseInt(cuda.group(1))));
  }

  /** Whether it is the processor. */
  public boolean isCpu() {
    return kind == Kind.CPU;
  }

  /** Its name, for example {@code cuda:0}. */
  @Override
  public String toString() {
    return switch (kind) {
      case CPU -> "cpu";
      case CUDA -> "cuda:" + index;
      case META -> "meta";
    };
  }
}
