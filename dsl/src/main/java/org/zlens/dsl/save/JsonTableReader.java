package org.zlens.dsl.save;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.zlens.dsl.session.Provenance;
import org.zlens.engine.io.DataFault;

/** Tables as {@code save} writes them in JSON, or a list of objects, each a row. */
final class JsonTableReader implements TableReader {
  private static final long MOST_BYTES = 256L << 20;
  private static final String PROVENANCE = "provenance";

  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder()
              .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxNestingDepth(64)
                      .maxNumberLength(400)
                      .maxStringLength(16 << 20)
                      .build())
              .build());

  @Override
  public String ending() {
    return ".json";
  }

  @Override
  public TableFile read(Path path) {
    try {
      if (Files.size(path) > MOST_BYTES) {
        throw DataFault.in(path, "has more than " + MOST_BYTES + " bytes, too many for a table");
      }
      try (JsonParser parser = JSON.createParser(path.toFile())) {
        TableFile table = read(path, parser);
        if (parser.nextToken() != null) {
          throw DataFault.in(path, "goes on after its end");
        }
        return table;
      }
    } catch (JsonProcessingException e) {
      String line = e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr();
      String cause = e.getOriginalMessage().lines().findFirst().orElse("");
      throw DataFault.in(path, "is not valid JSON" + line + " (" + cause + ")");
    } catch (IllegalArgumentException e) {
      throw DataFault.in(path, "cannot be understood (" + e.getMessage() + ")");
    } catch (IOException e) {
      throw DataFault.of(path, e);
    }
  }

  private static TableFile read(Path path, JsonParser parser) throws IOException {
    GatheredCells cells = new GatheredCells(path);
    JsonToken first = parser.nextToken();
    if (first == JsonToken.START_ARRAY) {
      rows(path, parser, cells);
      return new TableFile(cells.table(TableHead.NONE), null, List.of());
    }
    if (first != JsonToken.START_OBJECT) {
      throw DataFault.in(path, "is neither an object with 'rows' nor a list of rows");
    }
    ObjectNode rest = JsonNodeFactory.instance.objectNode();
    boolean found = false;
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      JsonToken value = parser.nextToken();
      if (name.equals("rows") && value == JsonToken.START_ARRAY) {
        found = true;
        List<ColumnHead> columns = TableHead.columns(rest.path("columns"));
        if (columns != null) {
          columns.forEach(column -> cells.column(column.name()));
        }
        rows(path, parser, cells);
      } else {
        rest.set(name, parser.<JsonNode>readValueAsTree());
      }
    }
    if (!found) {
      throw DataFault.in(
          path,
          "holds " + DataFault.quote(rest.path("kind").asText("no kind of value")) + ", no table",
          "a table in JSON has 'rows'");
    }
    Provenance provenance = rest.has(PROVENANCE) ? ProvenanceJson.read(rest.get(PROVENANCE)) : null;
    return new TableFile(cells.table(TableHead.read(rest)), provenance, List.of());
  }

  private static void rows(Path path, JsonParser parser, GatheredCells cells) throws IOException {
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        throw DataFault.in(path, "row " + (cells.rows() + 1) + " is no object");
      }
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        JsonToken value = parser.nextToken();
        if (value.isStructStart()) {
          throw DataFault.in(
              path,
              "row " + (cells.rows() + 1) + " has no plain value for " + DataFault.quote(name));
        }
        List<String> column = cells.find(name);
        (column == null ? cells.column(name) : column)
            .add(value == JsonToken.VALUE_NULL ? null : parser.getText());
      }
      cells.endRow();
    }
  }
}
