package org.zlens.dsl.save;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.zlens.dsl.session.Provenance;
import org.zlens.engine.io.AtomicFile;
import org.zlens.engine.io.DataFault;
import org.zlens.engine.io.FileHash;
import org.zlens.engine.io.JsonFile;

/**
 * How a table came to be and what it is beside its cells, in a file beside one whose format has no
 * place for it: {@code x.csv.provenance.json} beside {@code x.csv}. It holds the SHA-256 of its
 * file, so that whoever finds both knows whether they belong together.
 *
 * @param provenance null where there is no such file
 * @param remarks sentences for the user
 */
record Sidecar(TableHead head, Provenance provenance, List<String> remarks) {
  private static final JsonFactory JSON = new JsonFactory();

  /** The name of the file beside another. */
  static Path beside(Path path) {
    return path.resolveSibling(path.getFileName() + ".provenance.json");
  }

  /** What stands beside a file; of another content of it, nothing. */
  static Sidecar read(Path path) {
    Path beside = beside(path);
    if (!Files.exists(beside)) {
      return new Sidecar(TableHead.NONE, null, List.of());
    }
    JsonNode json = JsonFile.read(beside);
    if (!json.path("sha256").asText().equals(FileHash.sha256(path))) {
      String remark = "tells of another content, and is left out";
      return new Sidecar(TableHead.NONE, null, List.of("'" + beside.getFileName() + "' " + remark));
    }
    try {
      return new Sidecar(
          TableHead.read(json.path("table")),
          ProvenanceJson.read(json.path("provenance")),
          List.of());
    } catch (IllegalArgumentException e) {
      throw DataFault.in(beside, "cannot be understood (" + e.getMessage() + ")");
    }
  }

  /** Writes both files; where the file itself cannot be written, both stay as they were. */
  static void write(
      Path path, TableHead head, Provenance provenance, AtomicFile.PathContent content) {
    AtomicFile.writePath(
        beside(path),
        story ->
            AtomicFile.writePath(
                path,
                file -> {
                  content.write(file);
                  tell(path, FileHash.sha256(file), head, provenance, story);
                }));
  }

  private static void tell(
      Path path, String sha256, TableHead head, Provenance provenance, Path story)
      throws IOException {
    try (Writer writer = Files.newBufferedWriter(story);
        JsonGenerator json = JSON.createGenerator(writer)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeStringField("file", path.getFileName().toString());
      json.writeStringField("sha256", sha256);
      json.writeFieldName("table");
      head.write(json);
      json.writeFieldName("provenance");
      ProvenanceJson.write(provenance, json);
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }
}
