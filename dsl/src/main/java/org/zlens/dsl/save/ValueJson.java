package org.zlens.dsl.save;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.zlens.dsl.session.Cells;
import org.zlens.dsl.session.ListValue;
import org.zlens.dsl.session.NothingValue;
import org.zlens.dsl.session.NumberValue;
import org.zlens.dsl.session.PageValue;
import org.zlens.dsl.session.Provenance;
import org.zlens.dsl.session.ProvenanceInput;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.TensorData;
import org.zlens.dsl.session.TensorValue;
import org.zlens.dsl.session.TreeNode;
import org.zlens.dsl.session.TreeValue;
import org.zlens.dsl.session.TruthValue;
import org.zlens.dsl.session.Value;
import tech.tablesaw.columns.Column;

/**
 * Values as JSON objects: {@code kind}, then what the kind has, then {@code provenance}.
 *
 * <p>A missing cell is null. JSON has no NaN and no infinities, so they are the texts {@code
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
  public static void write(Value value, Provenance provenance, boolean indented, Writer out)
      throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out)) {
      if (indented) {
        json.useDefaultPrettyPrinter();
      }
      json.writeStartObject();
      json.writeStringField("kind", value.kind().name().toLowerCase(Locale.ROOT));
      content(value, json);
      provenance(provenance, json);
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
      json.writeObjectFieldStart("tensors");
      for (Map.Entry<String, TensorData> one : tensors.tensors().entrySet()) {
        json.writeFieldName(one.getKey());
        tensor(one.getValue(), json);
      }
      json.writeEndObject();
    } else if (Cells.tableOf(value) != null) {
      table(Cells.tableOf(value), json);
    } else if (value instanceof NumberValue number) {
      json.writeFieldName("value");
      number(number.value(), json);
      if (number.unit() != null) {
        json.writeStringField("unit", number.unit());
      }
    } else if (value instanceof PageValue page) {
      json.writeStringField("title", page.title());
      json.writeStringField("path", page.path().toString());
    } else {
      json.writeFieldName("value");
      scalar(value, json);
    }
  }

  private static void table(TableValue value, JsonGenerator json) throws IOException {
    json.writeStringField("title", value.table().name());
    texts("units", value.units(), json);
    json.writeArrayFieldStart("rows");
    for (int row = 0; row < value.table().rowCount(); row++) {
      json.writeStartObject();
      for (Column<?> column : value.table().columns()) {
        json.writeFieldName(column.name());
        scalar(Cells.value(column, row), json);
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    notes(value.notes(), json);
  }

  private static void node(TreeNode node, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("node", node.label());
    for (Map.Entry<String, Object> cell : node.cells().entrySet()) {
      json.writeFieldName(cell.getKey());
      if (cell.getValue() instanceof Integer whole) {
        json.writeNumber(whole);
      } else if (cell.getValue() instanceof Number number) {
        number(number.doubleValue(), json);
      } else {
        json.writeObject(cell.getValue() == null ? null : cell.getValue().toString());
      }
    }
    json.writeArrayFieldStart("children");
    for (TreeNode child : node.children()) {
      node(child, json);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void tensor(TensorData tensor, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeFieldName("shape");
    json.writeArray(tensor.shape(), 0, tensor.shape().length);
    json.writeArrayFieldStart("values");
    for (float number : tensor.values()) {
      if (Float.isFinite(number)) {
        json.writeNumber(number);
      } else {
        json.writeString(Float.toString(number));
      }
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void scalar(Value value, JsonGenerator json) throws IOException {
    if (value == NothingValue.NOTHING) {
      json.writeNull();
    } else if (value instanceof NumberValue number) {
      number(number.value(), json);
    } else if (value instanceof TruthValue truth) {
      json.writeBoolean(truth.value());
    } else if (value instanceof ListValue list) {
      json.writeStartArray();
      for (Value one : list.values()) {
        scalar(one, json);
      }
      json.writeEndArray();
    } else {
      json.writeString(value.toString());
    }
  }

  private static void number(double number, JsonGenerator json) throws IOException {
    if (!Double.isFinite(number)) {
      json.writeString(Double.toString(number));
    } else if (number == Math.rint(number) && Math.abs(number) < 1L << 53) {
      json.writeNumber((long) number);
    } else {
      json.writeNumber(number);
    }
  }

  private static void texts(String name, Map<String, String> texts, JsonGenerator json)
      throws IOException {
    if (!texts.isEmpty()) {
      json.writeObjectFieldStart(name);
      for (Map.Entry<String, String> text : new TreeMap<>(texts).entrySet()) {
        json.writeStringField(text.getKey(), text.getValue());
      }
      json.writeEndObject();
    }
  }

  private static void notes(Iterable<String> notes, JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("notes");
    for (String note : notes) {
      json.writeString(note);
    }
    json.writeEndArray();
  }

  private static void provenance(Provenance from, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("provenance");
    json.writeStringField("command", from.command());
    json.writeStringField("source", from.source() + ":" + from.line());
    json.writeArrayFieldStart("inputs");
    for (ProvenanceInput input : from.inputs()) {
      json.writeStartObject();
      json.writeStringField("role", input.role());
      json.writeStringField("name", input.name());
      json.writeStringField("hash", input.hash());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeNumberField("seed", from.seed());
    texts("versions", from.versions(), json);
    json.writeStringField("at", from.at().toString());
    json.writeNumberField("seconds", from.took().toMillis() / 1000.0);
    json.writeEndObject();
  }
}
