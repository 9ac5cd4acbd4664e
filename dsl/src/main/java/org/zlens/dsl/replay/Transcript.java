package org.zlens.dsl.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.zlens.dsl.diagnostic.Diagnostic;
import org.zlens.dsl.diagnostic.DiagnosticException;
import org.zlens.dsl.session.Interpreter;
import org.zlens.dsl.session.ProvenanceInput;
import org.zlens.dsl.syntax.Script;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.dsl.syntax.Span;
import org.zlens.dsl.syntax.Statement;
import org.zlens.engine.ZlensException.Kind;

/** A transcript that has been read: its statements, and what each showed when it was recorded. */
final class Transcript {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final SourceText source;
  private final Script script;
  private final Map<Integer, Block> records = new HashMap<>();
  private final Map<String, String> versions = new TreeMap<>();
  private final List<String> remarks = new ArrayList<>();

  /** What stands below one statement. */
  static final class Block {
    private final List<Shown> values = new ArrayList<>();
    private final List<ProvenanceInput> inputs = new ArrayList<>();
    private boolean done;

    List<Shown> values() {
      return values;
    }

    /** What it read that the statements before it had not, or had otherwise. */
    List<ProvenanceInput> inputs() {
      return inputs;
    }

    /** Whether all that it showed is known; not so of what ran before the recording. */
    boolean isDone() {
      return done;
    }
  }

  private Transcript(SourceText source) {
    this.source = source;
    this.script = Interpreter.parse(source);
  }

  /**
   * Reads a transcript; {@link DiagnosticException} at the first line that cannot be one. What
   * stands behind the last statement that was recorded to its end is left out: a program that was
   * ended may have written any part of it, and nothing of it could be compared.
   */
  static Transcript read(SourceText source) {
    String text = source.text();
    int last = text.lastIndexOf("\n" + TranscriptLines.DONE + "\n");
    int end = last < 0 ? text.length() : last + TranscriptLines.DONE.length() + 2;
    Transcript transcript = whole(source.upTo(end));
    if (!text.substring(end).lines().allMatch(line -> line.isBlank() || line.startsWith("#"))) {
      transcript.remarks.add(
          "from line " + source.line(end) + " on it was not recorded to its end, and is left out");
    }
    return transcript;
  }

  private static Transcript whole(SourceText source) {
    String text = source.text();
    if (!text.startsWith(TranscriptLines.HEAD)) {
      throw fault(
          source,
          1,
          "this is no transcript: its first line does not start with '#~'",
          "'record' writes one");
    }
    Transcript transcript = new Transcript(source);
    List<Statement> statements = transcript.script.statements();
    int lines = source.line(text.length());
    int at = -1;
    for (int line = 1; line <= lines; line++) {
      while (at + 1 < statements.size()
          && source.line(statements.get(at + 1).span().start()) <= line) {
        at++;
      }
      boolean inside = at >= 0 && source.line(statements.get(at).span().end()) >= line;
      if (!inside) {
        transcript.take(text.substring(source.lineStart(line), source.lineEnd(line)), line, at);
      }
    }
    return transcript;
  }

  SourceText source() {
    return source;
  }

  Script script() {
    return script;
  }

  /** What stands below a statement, by its number from 0. */
  Block record(int statement) {
    return records.getOrDefault(statement, new Block());
  }

  /** The versions that computed it. */
  Map<String, String> versions() {
    return versions;
  }

  /** What else there is to say of it. */
  List<String> remarks() {
    return List.copyOf(remarks);
  }

  private void take(String line, int number, int statement) {
    if (line.startsWith(TranscriptLines.HEAD)) {
      JsonNode head = json(line, number);
      if (head.path("transcript").asInt() != 1) {
        throw fault(
            number, "expected a transcript of kind 1, found " + head.path("transcript"), null);
      }
      versions.putAll(texts(head.path("versions")));
      return;
    }
    if (statement < 0 || !line.startsWith(TranscriptLines.DONE)) {
      return;
    }
    Block record = records.computeIfAbsent(statement, s -> new Block());
    if (line.equals(TranscriptLines.DONE)) {
      record.done = true;
    } else if (line.startsWith(TranscriptLines.INPUT)) {
      record.inputs.add(input(json(line, number), number));
    } else if (line.startsWith(TranscriptLines.VALUE)) {
      record.values.add(value(json(line, number), number));
    } else if (line.startsWith(TranscriptLines.ROW)) {
      Shown shown = last(record, number);
      List<Object> cells = cells(json(line, number), number);
      if (cells.size() != shown.columns().size()) {
        throw fault(
            number,
            "expected a row of " + shown.columns().size() + " cells, found " + cells.size(),
            null);
      }
      shown.rows().add(cells);
    } else if (line.startsWith(TranscriptLines.NOTE)) {
      last(record, number).notes().add(json(line, number).asText());
    }
  }

  private Shown last(Block record, int number) {
    if (record.values.isEmpty()) {
      throw fault(number, "there is no value above that this line could belong to", null);
    }
    return record.values.get(record.values.size() - 1);
  }

  private Shown value(JsonNode json, int number) {
    if (!json.path("columns").isArray() || !json.path("kind").isTextual()) {
      throw fault(number, "expected a value with 'kind' and 'columns'", null);
    }
    List<String> columns = new ArrayList<>();
    json.path("columns").forEach(column -> columns.add(column.asText()));
    return new Shown(
        json.path("kind").asText(),
        json.path("title").asText(),
        columns,
        new ArrayList<>(),
        new ArrayList<>());
  }

  private ProvenanceInput input(JsonNode json, int number) {
    if (!json.path("role").isTextual() || !json.path("name").isTextual()) {
      throw fault(number, "expected an input with 'role' and 'name'", null);
    }
    return new ProvenanceInput(
        json.path("role").asText(),
        json.path("name").asText(),
        json.path("hash").asText(),
        texts(json.path("details")));
  }

  private List<Object> cells(JsonNode json, int number) {
    if (!json.isArray()) {
      throw fault(number, "expected a row in brackets", null);
    }
    List<Object> cells = new ArrayList<>();
    for (JsonNode cell : json) {
      if (cell.isIntegralNumber()) {
        cells.add(cell.longValue());
      } else if (cell.isNumber()) {
        cells.add(cell.doubleValue());
      } else if (cell.isBoolean()) {
        cells.add(cell.booleanValue());
      } else {
        cells.add(cell.isNull() ? null : cell.asText());
      }
    }
    return cells;
  }

  private static Map<String, String> texts(JsonNode object) {
    Map<String, String> texts = new TreeMap<>();
    object.properties().forEach(field -> texts.put(field.getKey(), field.getValue().asText()));
    return texts;
  }

  private JsonNode json(String line, int number) {
    try {
      return JSON.readTree(line.substring(TranscriptLines.HEAD.length()));
    } catch (JsonProcessingException e) {
      throw fault(
          number,
          "this line of the transcript cannot be read: " + e.getOriginalMessage(),
          "was it edited by hand? without it the statement is not compared");
    }
  }

  private DiagnosticException fault(int line, String message, String hint) {
    return fault(source, line, message, hint);
  }

  private static DiagnosticException fault(
      SourceText source, int line, String message, String hint) {
    Span span = new Span(source.lineStart(line), source.lineEnd(line));
    return new DiagnosticException(Diagnostic.at(Kind.DATA, message, source, span, hint));
  }
}
