package org.zlens.dsl.session;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Named tensors, in order; they hold no native memory, so a variable may keep them.
 *
 * @param notes sentences to show below them
 */
public record TensorValue(String title, Map<String, TensorData> tensors, List<String> notes)
    implements Value {
  public TensorValue {
    notes = List.copyOf(notes);
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  public TensorValue(String title, Map<String, TensorData> tensors) {
    this(title, tensors, List.of());
  }

  @Override
  public ValueKind kind() {
    return ValueKind.TENSOR;
  }

  /** Name, shape and size of each. */
  public TableValue summary() {
    StringColumn names = StringColumn.create("name");
    StringColumn shapes = StringColumn.create("shape");
    IntColumn counts = IntColumn.create("numbers");
    tensors.forEach(
        (name, data) -> {
          names.append(name);
          shapes.append(data.shapeText());
          counts.append(data.values().length);
        });
    return new TableValue(Table.create(title, names, shapes, counts), Map.of(), notes);
  }
}
