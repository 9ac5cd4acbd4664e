package org.zlens.dsl.save;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.zlens.dsl.session.Lineage;
import org.zlens.dsl.session.Provenance;
import org.zlens.dsl.session.ProvenanceInput;

/** How results came to be, as JSON objects: the same in every file and page that tells it. */
public final class ProvenanceJson {
  private static final JsonFactory JSON = new JsonFactory();

  private ProvenanceJson() {}

  /** One object on one line. */
  public static String line(Provenance provenance) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      write(provenance, json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  static void write(Provenance provenance, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("command", provenance.command());
    json.writeStringField("source", provenance.source());
    json.writeNumberField("line", provenance.line());
    json.writeArrayFieldStart("inputs");
    for (ProvenanceInput input : provenance.inputs()) {
      json.writeStartObject();
      json.writeStringField("role", input.role());
      json.writeStringField("name", input.name());
      json.writeStringField("hash", input.hash());
      if (!input.details().isEmpty()) {
        texts("details", input.details(), json);
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeNumberField("seed", provenance.seed());
    texts("versions", provenance.versions(), json);
    json.writeStringField("at", provenance.at().toString());
    json.writeNumberField("took_ms", provenance.took().toMillis());
    if (provenance.remembered() != null) {
      json.writeStringField("computed_at", provenance.remembered().toString());
    }
    if (!provenance.lineage().statements().isEmpty()) {
      json.writeArrayFieldStart("rests_on");
      for (Provenance earlier : provenance.lineage().statements()) {
        write(earlier, json);
      }
      json.writeEndArray();
      json.writeNumberField("omitted", provenance.lineage().omitted());
    }
    json.writeEndObject();
  }

  /**
   * What {@link #write} wrote; null of nothing. Anything else is an {@link
   * IllegalArgumentException}.
   */
  static Provenance read(JsonNode json) {
    if (json.isMissingNode() || json.isNull()) {
      return null;
    }
    List<Provenance> earlier = new ArrayList<>();
    for (JsonNode one : json.path("rests_on")) {
      earlier.add(alone(one, Lineage.NONE));
    }
    return alone(json, new Lineage(earlier, json.path("omitted").asInt()));
  }

  private static Provenance alone(JsonNode json, Lineage lineage) {
    if (!json.path("command").isTextual() || !json.path("at").isTextual()) {
      throw new IllegalArgumentException("it should tell 'command' and 'at'");
    }
    List<ProvenanceInput> inputs = new ArrayList<>();
    for (JsonNode input : json.path("inputs")) {
      inputs.add(
          new ProvenanceInput(
              input.path("role").asText(),
              input.path("name").asText(),
              input.path("hash").asText(),
              texts(input.path("details"))));
    }
    return new Provenance(
        json.get("command").asText(),
        json.path("source").asText(),
        json.path("line").asInt(),
        inputs,
        json.path("seed").asLong(),
        texts(json.path("versions")),
        instant(json.get("at")),
        Duration.ofMillis(json.path("took_ms").asLong()),
        lineage,
        json.has("computed_at") ? instant(json.get("computed_at")) : null);
  }

  private static Instant instant(JsonNode json) {
    try {
      return Instant.parse(json.asText());
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("no time: " + json, e);
    }
  }

  private static Map<String, String> texts(JsonNode json) {
    Map<String, String> texts = new TreeMap<>();
    json.properties().forEach(text -> texts.put(text.getKey(), text.getValue().asText()));
    return texts;
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
