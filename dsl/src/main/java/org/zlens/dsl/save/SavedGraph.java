package org.zlens.dsl.save;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import org.zlens.dsl.session.GraphValue;
import org.zlens.dsl.session.Provenance;
import org.zlens.dsl.session.ProvenanceLines;
import org.zlens.engine.attribute.graph.GraphText;

/** Writes a graph with how it came to be in one step. */
final class SavedGraph {
  private SavedGraph() {}

  /** What to write. */
  @FunctionalInterface
  interface Content {
    void write(GraphText text, Writer writer) throws IOException;
  }

  /**
   * Writes the file.
   *
   * @return what was written, for a note
   */
  static String write(GraphValue value, Provenance provenance, Path path, Content content) {
    GraphText bare = value.text();
    GraphText text =
        new GraphText(
            bare.model(),
            bare.layers(),
            bare.prompt(),
            bare.pieces(),
            ProvenanceLines.of(provenance));
    SavedText.write(path, writer -> content.write(text, writer));
    return value.graph().nodes().size() + " nodes, " + value.graph().edges().size() + " edges";
  }

  /** The name of a file without its ending. */
  static String slug(Path path) {
    String name = path.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot <= 0 ? name : name.substring(0, dot);
  }
}
