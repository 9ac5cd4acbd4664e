package org.zlens.engine.data.corpus;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** A JSON object a line, whose text stands under one key. */
final class JsonLinesDocuments implements Documents {
  private static final int DEEPEST = 64;

  private static final JsonMapper JSON = mapper(new JsonFactoryBuilder());

  private final BoundedLines lines;
  private final String key;

  JsonLinesDocuments(BoundedLines lines, String key) {
    this.lines = lines;
    this.key = key;
  }

  /** A reader of lines in which no key may stand twice. */
  static JsonMapper strict() {
    return mapper(new JsonFactoryBuilder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION));
  }

  private static JsonMapper mapper(JsonFactoryBuilder factory) {
    return JsonMapper.builder(
            factory
                .streamReadConstraints(
                    StreamReadConstraints.builder()
                        .maxNestingDepth(DEEPEST)
                        .maxStringLength(BoundedLines.LONGEST)
                        .build())
                .build())
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .build();
  }

  @Override
  public String next() {
    String line;
    do {
      line = lines.next();
    } while (line != null && line.isBlank());
    if (line == null) {
      return null;
    }
    try {
      JsonNode text = JSON.readTree(line).get(key);
      if (text == null || !text.isTextual()) {
        throw lines.fault("has no text under '" + key + "'", "name the key: corpus ... column KEY");
      }
      return text.textValue();
    } catch (JsonProcessingException e) {
      throw lines.fault("is not JSON", null);
    }
  }

  @Override
  public void close() {
    lines.close();
  }
}
