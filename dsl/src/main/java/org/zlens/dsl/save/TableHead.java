package org.zlens.dsl.save;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.zlens.dsl.session.TableValue;

/**
 * What a table is beside its cells, for files whose format has no place for it.
 *
 * @param columns null where a file does not tell
 */
record TableHead(
    String title, Map<String, String> units, List<String> notes, List<ColumnHead> columns) {
  private static final JsonFactory JSON = new JsonFactory();

  /** That of a file which tells nothing. */
  static final TableHead NONE = new TableHead("", Map.of(), List.of(), null);

  static TableHead of(TableValue value) {
    return new TableHead(
        value.table().name() == null ? "" : value.table().name(),
        value.units(),
        value.notes(),
        value.table().columns().stream()
            .map(column -> new ColumnHead(column.name(), CellType.of(column)))
            .toList());
  }

  /** One JSON object on one line. */
  String line() {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      write(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("title", title);
    json.writeObjectFieldStart("units");
    for (Map.Entry<String, String> unit : new TreeMap<>(units).entrySet()) {
      json.writeStringField(unit.getKey(), unit.getValue());
    }
    json.writeEndObject();
    json.writeArrayFieldStart("notes");
    for (String note : notes) {
      json.writeString(note);
    }
    json.writeEndArray();
    writeColumns(json);
    json.writeEndObject();
  }

  void writeColumns(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("columns");
    for (ColumnHead column : columns) {
      json.writeStartObject();
      json.writeStringField("name", column.name());
      json.writeStringField("type", column.type().name().toLowerCase(Locale.ROOT));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** What {@link #write} wrote. Anything else is an {@link IllegalArgumentException}. */
  static TableHead read(JsonNode json) {
    Map<String, String> units = new TreeMap<>();
    json.path("units").properties().forEach(u -> units.put(u.getKey(), u.getValue().asText()));
    List<String> notes = new ArrayList<>();
    json.path("notes").forEach(note -> notes.add(note.asText()));
    return new TableHead(json.path("title").asText(), units, notes, columns(json.path("columns")));
  }

  /** The columns that a file tells of, or null. */
  static List<ColumnHead> columns(JsonNode json) {
    if (!json.isArray()) {
      return null;
    }
    List<ColumnHead> columns = new ArrayList<>();
    for (JsonNode column : json) {
      String type = column.path("type").asText().toUpperCase(Locale.ROOT);
      columns.add(new ColumnHead(column.path("name").asText(), CellType.valueOf(type)));
    }
    return columns;
  }
}
