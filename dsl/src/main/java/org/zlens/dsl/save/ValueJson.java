package org.zlens.dsl.save;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.zlens.dsl.session.Cells;
import org.zlens.dsl.session.ListValue;
import org.zlens.dsl.session.NumberValue;
import org.zlens.dsl.session.PageValue;
import org.zlens.dsl.session.Provenance;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.TensorData;
import org.zlens.dsl.session.TensorValue;
import org.zlens.dsl.session.TreeNode;
import org.zlens.dsl.session.TreeValue;
import org.zlens.dsl.session.TruthValue;
import org.zlens.dsl.session.Value;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.FloatColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * Values as JSON objects: {@code kind}, then what the kind has, then {@code provenance}.
 *
 * <p>Missing cells are {@code null}; numbers that JSON has no form for are the strings {@code
 * "NaN"}, {@code "Infinity"} and {@code "-Infinity"}.
 */
public final class ValueJson {
  private static final JsonFactory JSON =
      JsonFactory.builder().configure(StreamWriteFeature.AUTO_CLOSE_TARGET, false).build();

  private ValueJson() {}

  /** One object on one line, without a line's end. */
  public static String line(Value value, Provenance provenance) {
    StringWriter out = new StringWriter();
    try {
      write(value, provenance, false, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  /** Writes one object. */
  static void write(Value value, Provenance provenance, boolean indented, Writer out)
      throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out)) {
      if (indented) {
        json.useDefaultPrettyPrinter();
      }
      json.writeStartObject();
      json.writeStringField("kind", value.kind().name().toLowerCase(Locale.ROOT));
      content(value, json);
      json.writeFieldName("provenance");
      ProvenanceJson.write(provenance, json);
      json.writeEndObject();
    }
  }

  private static void content(Value value, JsonGenerator json) throws IOException {
    if (value instanceof TreeValue tree) {
      json.writeStringField("title", tree.title());
      texts("units", tree.units(), json);
      json.writeFieldName("root");
      node(tree.root(), json);
      notes(tree.notes(), json);
    } else if (value instanceof TensorValue tensors) {
      json.writeStringField("title", tensors.title());
      tensors(tensors, json);
      notes(tensors.notes(), json);
    } else if (value instanceof PageValue page) {
      json.writeStringField("title", page.title());
      json.writeStringField("path", page.path().toString());
    } else {
      TableValue table = Cells.tableOf(value);
      if (table != null) {
        table(table, json);
      } else {
        json.writeFieldName("value");
        scalar(value, json);
        if (value instanceof NumberValue number && number.unit() != null) {
          json.writeStringField("unit", number.unit());
        }
      }
    }
  }

  private static void scalar(Value value, JsonGenerator json) throws IOException {
    if (value instanceof NumberValue number) {
      number(number.value(), json);
    } else if (value instanceof TruthValue truth) {
      json.writeBoolean(truth.value());
    } else if (value instanceof ListValue list) {
      json.writeStartArray();
      for (Value element : list.values()) {
        scalar(element, json);
      }
      json.writeEndArray();
    } else {
      json.writeString(value.toString());
    }
  }

  private static void table(TableValue value, JsonGenerator json) throws IOException {
    Table table = value.table();
    json.writeStringField("title", table.name() == null ? "" : table.name());
    texts("units", value.units(), json);
    TableHead.of(value).writeColumns(json);
    json.writeArrayFieldStart("rows");
    for (int row = 0; row < table.rowCount(); row++) {
      json.writeStartObject();
      for (Column<?> column : table.columns()) {
        json.writeFieldName(column.name());
        cell(column, row, json);
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    notes(value.notes(), json);
  }

  private static void cell(Column<?> column, int row, JsonGenerator json) throws IOException {
    if (column.isMissing(row)) {
      json.writeNull();
    } else if (column instanceof BooleanColumn truths) {
      json.writeBoolean(truths.get(row));
    } else if (column instanceof FloatColumn floats && Float.isFinite(floats.getFloat(row))) {
      json.writeNumber(floats.getFloat(row));
    } else if (column instanceof LongColumn whole) {
      json.writeNumber(whole.getLong(row));
    } else if (column instanceof NumericColumn<?> numbers) {
      number(numbers.getDouble(row), json);
    } else {
      json.writeString(column.getUnformattedString(row));
    }
  }

  private static void number(double value, JsonGenerator json) throws IOException {
    if (!Double.isFinite(value)) {
      json.writeString(Double.toString(value));
    } else if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      json.writeNumber((long) value);
    } else {
      json.writeNumber(value);
    }
  }

  private static void node(TreeNode node, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("label", node.label());
    json.writeObjectFieldStart("cells");
    for (Map.Entry<String, Object> cell : node.cells().entrySet()) {
      json.writeFieldName(cell.getKey());
      if (cell.getValue() instanceof Number number) {
        number(number.doubleValue(), json);
      } else if (cell.getValue() == null) {
        json.writeNull();
      } else {
        json.writeString(cell.getValue().toString());
      }
    }
    json.writeEndObject();
    json.writeArrayFieldStart("children");
    for (TreeNode child : node.children()) {
      node(child, json);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void tensors(TensorValue value, JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("tensors");
    for (Map.Entry<String, TensorData> entry : value.tensors().entrySet()) {
      json.writeStartObject();
      json.writeStringField("name", entry.getKey());
      json.writeFieldName("shape");
      long[] shape = entry.getValue().shape();
      json.writeArray(shape, 0, shape.length);
      json.writeArrayFieldStart("values");
      for (float element : entry.getValue().values()) {
        if (Float.isFinite(element)) {
          json.writeNumber(element);
        } else {
          json.writeString(Float.toString(element));
        }
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void notes(List<String> notes, JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("notes");
    for (String note : notes) {
      json.writeString(note);
    }
    json.writeEndArray();
  }

  private static void texts(String name, Map<String, String> texts, JsonGenerator json)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, String> text : new TreeMap<>(texts).entrySet()) {
      json.writeStringField(text.getKey(), text.getValue());
    }
    json.writeEndObject();
  }
}
