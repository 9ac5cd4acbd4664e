package org.zlens.dsl.command;

import java.util.Optional;

/**
 * What a check before the run knows about something: nothing, that there is none, or its value.
 *
 * @param isKnown false while it cannot be known
 * @param value the value, empty when it is known that there is none
 */
public record Known<T>(boolean isKnown, Optional<T> value) {
  static <T> Known<T> unknown() {
    return new Known<>(false, Optional.empty());
  }

  static <T> Known<T> none() {
    return new Known<>(true, Optional.empty());
  }

  static <T> Known<T> of(T value) {
    return new Known<>(true, Optional.of(value));
  }

  /** Whether it is known that there is none. */
  public boolean isNone() {
    return isKnown && value.isEmpty();
  }
}
