package org.zlens.dsl.session;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Values in order.
 *
 * @param column the name of the table column that these are the cells of, or null; where one value
 *     is wanted, a column stands for its first cell
 */
public record ListValue(List<Value> values, String column) implements Value {
  public ListValue {
    values = List.copyOf(values);
  }

  public ListValue(List<Value> values) {
    this(values, null);
  }

  /** How many of the values are there and are not false. */
  long present() {
    return values.stream()
        .filter(v -> v != NothingValue.NOTHING)
        .filter(v -> !(v instanceof TruthValue truth) || truth.value())
        .count();
  }

  @Override
  public ValueKind kind() {
    return ValueKind.LIST;
  }

  @Override
  public String toString() {
    return values.stream().map(Value::toString).collect(Collectors.joining(", ", "[", "]"));
  }
}
