package org.zlens.dsl.save;

import java.io.IOException;
import java.nio.file.Path;
import javax.xml.stream.XMLStreamException;
import org.zlens.dsl.session.GraphValue;
import org.zlens.dsl.session.Provenance;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.engine.attribute.graph.GraphmlFile;

/** Graphs as GraphML, for programs that draw and study graphs. */
public final class GraphmlFormat implements SaveFormat {
  @Override
  public String ending() {
    return ".graphml";
  }

  @Override
  public boolean accepts(ValueKind kind) {
    return kind == ValueKind.GRAPH;
  }

  @Override
  public String write(Value value, Provenance provenance, Path path) {
    if (!(value instanceof GraphValue graph)) {
      throw new IllegalArgumentException(value.kind().phrase() + " is no graph");
    }
    return SavedGraph.write(
        graph,
        provenance,
        path,
        (text, writer) -> {
          try {
            GraphmlFile.write(graph.graph(), text, writer);
          } catch (XMLStreamException e) {
            throw new IOException(e);
          }
        });
  }
}
