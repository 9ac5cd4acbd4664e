package org.zlens.dsl.save;

import java.nio.file.Path;
import org.zlens.dsl.session.Cells;
import org.zlens.dsl.session.GraphValue;
import org.zlens.dsl.session.Provenance;
import org.zlens.dsl.session.TensorValue;
import org.zlens.dsl.session.TreeValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.engine.attribute.graph.CircuitTracerFile;

/** One JSON object with the value and how it came to be; of a graph, as circuit-tracer has it. */
public final class JsonFormat implements SaveFormat {
  @Override
  public String ending() {
    return ".json";
  }

  @Override
  public boolean accepts(ValueKind kind) {
    return kind != ValueKind.NOTHING;
  }

  @Override
  public String write(Value value, Provenance provenance, Path path) {
    if (value instanceof GraphValue graph) {
      return SavedGraph.write(
          graph,
          provenance,
          path,
          (text, writer) ->
              CircuitTracerFile.write(graph.graph(), text, SavedGraph.slug(path), writer));
    }
    SavedText.write(
        path,
        writer -> {
          ValueJson.write(value, provenance, true, writer);
          writer.write('\n');
        });
    if (value instanceof TensorValue tensors) {
      return tensors.tensors().size() + " tensors";
    } else if (value instanceof TreeValue || Cells.tableOf(value) == null) {
      return value.kind().phrase();
    }
    return Cells.tableOf(value).table().rowCount() + " rows";
  }
}
