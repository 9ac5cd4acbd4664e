package org.zlens.dsl.session;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Named tensors, in order; they hold no native memory, so a variable may keep them. */
public record TensorValue(String title, Map<String, TensorData> tensors) implements Value {
  public TensorValue {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
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
    return new TableValue(Table.create(title, names, shapes, counts));
  }
}
