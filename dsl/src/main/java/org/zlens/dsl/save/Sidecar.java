package org.zlens.dsl.save;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.zlens.dsl.session.Provenance;
import org.zlens.engine.io.AtomicFile;
import org.zlens.engine.io.FileHash;

/**
 * How a value came to be, in a file beside one whose format has no place for it: {@code
 * x.csv.provenance.json} beside {@code x.csv}. It holds the SHA-256 of its file, so that whoever
 * finds both knows whether they belong together.
 */
final class Sidecar {
  private static final JsonFactory JSON = new JsonFactory();

  private Sidecar() {}

  /** The name of the file beside another. */
  static Path beside(Path path) {
    return path.resolveSibling(path.getFileName() + ".provenance.json");
  }

  /** Writes both files; where the file itself cannot be written, both stay as they were. */
  static void write(Path path, Provenance provenance, AtomicFile.PathContent content) {
    AtomicFile.writePath(
        beside(path),
        story ->
            AtomicFile.writePath(
                path,
                file -> {
                  content.write(file);
                  tell(path, FileHash.sha256(file), provenance, story);
                }));
  }

  private static void tell(Path path, String sha256, Provenance provenance, Path story)
      throws IOException {
    try (Writer writer = Files.newBufferedWriter(story);
        JsonGenerator json = JSON.createGenerator(writer)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeStringField("file", path.getFileName().toString());
      json.writeStringField("sha256", sha256);
      json.writeFieldName("provenance");
      ProvenanceJson.write(provenance, json);
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }
}
