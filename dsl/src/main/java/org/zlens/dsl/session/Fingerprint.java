package org.zlens.dsl.session;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.zlens.dsl.command.Position;
import org.zlens.dsl.syntax.Address;

/**
 * Values of arguments as text that tells any two apart. There is none for what is not known to have
 * one, so that a new type of argument is not cached rather than mistaken.
 */
final class Fingerprint {
  private Fingerprint() {}

  static Optional<String> of(Object value) {
    if (value instanceof Address address) {
      return Optional.of("address " + address.text());
    } else if (value instanceof Position position) {
      return Optional.of("position " + position.getClass().getSimpleName() + " " + position.text());
    } else if (value instanceof String text) {
      return Optional.of(text.length() + " " + text);
    } else if (value instanceof Number || value instanceof Boolean) {
      return Optional.of(value.getClass().getSimpleName() + " " + value);
    } else if (value instanceof Enum<?> constant) {
      return Optional.of(constant.getDeclaringClass().getSimpleName() + " " + constant.name());
    } else if (value instanceof List<?> list) {
      return all(list, "[", "]");
    } else if (value instanceof Set<?> set) {
      return all(set, "{", "}");
    }
    return Optional.empty();
  }

  private static Optional<String> all(Collection<?> values, String open, String close) {
    List<Optional<String>> each = values.stream().map(Fingerprint::of).toList();
    if (!each.stream().allMatch(Optional::isPresent)) {
      return Optional.empty();
    }
    return Optional.of(
        (values instanceof Set
                ? each.stream().map(Optional::get).sorted()
                : each.stream().map(Optional::get))
            .collect(Collectors.joining(", ", open, close)));
  }
}
