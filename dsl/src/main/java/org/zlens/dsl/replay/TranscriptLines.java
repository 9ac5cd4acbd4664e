package org.zlens.dsl.replay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.zlens.dsl.session.ProvenanceInput;

/**
 * The comments of a transcript that {@code replay} reads, each a mark and JSON:
 *
 * <pre>
 * #~ {"transcript":1,"versions":{"zlens":"0.1"}}     the first line; later ones where versions change
 * #@ {"role":"model","name":"sprig","hash":"..."}    an input that is new or another from here on
 * #= {"kind":"a table","title":"...","columns":[..]} a value of the statement above
 * #: ["L2.F417", 12, -0.42]                          a row of it
 * #. "metric: logit-difference"                      a note below it
 * #! ablate feature L9.F1                            a statement that failed, and why; not replayed
 * </pre>
 */
final class TranscriptLines {
  static final String HEAD = "#~ ";
  static final String INPUT = "#@ ";
  static final String VALUE = "#= ";
  static final String ROW = "#: ";
  static final String NOTE = "#. ";
  static final String FAILURE = "#! ";

  /** The mark after each statement that was recorded, by which its values are known to be all. */
  static final String DONE = "#";

  private static final JsonFactory JSON = new JsonFactory();

  private TranscriptLines() {}

  static String head(Map<String, String> versions) {
    return HEAD
        + json(
            out -> {
              out.writeStartObject();
              out.writeNumberField("transcript", 1);
              texts("versions", versions, out);
              out.writeEndObject();
            });
  }

  static String input(ProvenanceInput input) {
    return INPUT
        + json(
            out -> {
              out.writeStartObject();
              out.writeStringField("role", input.role());
              out.writeStringField("name", input.name());
              out.writeStringField("hash", input.hash());
              texts("details", input.details(), out);
              out.writeEndObject();
            });
  }

  /** A value in lines; cells of a column stand below one another where they fit. */
  static List<String> value(Shown shown) {
    List<String> lines = new ArrayList<>();
    lines.add(
        VALUE
            + json(
                out -> {
                  out.writeStartObject();
                  out.writeStringField("kind", shown.kind());
                  out.writeStringField("title", shown.title());
                  out.writeArrayFieldStart("columns");
                  for (String column : shown.columns()) {
                    out.writeString(column);
                  }
                  out.writeEndArray();
                  out.writeEndObject();
                }));
    List<List<String>> rows =
        shown.rows().stream().map(row -> row.stream().map(TranscriptLines::cell).toList()).toList();
    int[] widths = new int[shown.columns().size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.min(28, Math.max(widths[i], row.get(i).length()));
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder(ROW + "[");
      for (int i = 0; i < widths.length; i++) {
        String cell = row.get(i) + (i + 1 < widths.length ? "," : "");
        line.append(i == 0 ? "" : " ").append(cell);
        if (i + 1 < widths.length) {
          line.append(" ".repeat(Math.max(0, widths[i] + 1 - cell.length())));
        }
      }
      lines.add(line.append(']').toString());
    }
    shown.notes().forEach(note -> lines.add(NOTE + json(out -> out.writeString(note))));
    return lines;
  }

  /** Any text as comments of the transcript that nothing reads. */
  static List<String> failure(String text) {
    return text.lines().map(line -> (FAILURE + line).stripTrailing()).toList();
  }

  private static String cell(Object cell) {
    return json(
        out -> {
          if (cell == null) {
            out.writeNull();
          } else if (cell instanceof Boolean truth) {
            out.writeBoolean(truth);
          } else if (cell instanceof Long whole) {
            out.writeNumber(whole);
          } else if (cell instanceof Double number && Double.isFinite(number)) {
            out.writeNumber(number);
          } else {
            out.writeString(cell.toString());
          }
        });
  }

  private static void texts(String name, Map<String, String> texts, JsonGenerator out)
      throws IOException {
    out.writeObjectFieldStart(name);
    for (Map.Entry<String, String> text : new TreeMap<>(texts).entrySet()) {
      out.writeStringField(text.getKey(), text.getValue());
    }
    out.writeEndObject();
  }

  @FunctionalInterface
  private interface Content {
    void write(JsonGenerator out) throws IOException;
  }

  private static String json(Content content) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      content.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
