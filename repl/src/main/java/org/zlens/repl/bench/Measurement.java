package org.zlens.repl.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.MathContext;

/**
 * What a benchmark found.
 *
 * @param value what was measured
 * @param unit of value, baseline and limit
 * @param baseline what the value is held against, measured in the same run
 * @param limit the value must not be above it
 * @param about what value and baseline are, in a sentence
 */
record Measurement(
    String name, double value, String unit, double baseline, double limit, String about) {
  private static final MathContext DIGITS = new MathContext(5);

  boolean holds() {
    return value <= limit;
  }

  /** One JSON object. */
  String json() throws IOException {
    StringWriter line = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(line)) {
      json.writeStartObject();
      json.writeStringField("name", name);
      json.writeFieldName("value");
      json.writeNumber(rounded(value));
      json.writeStringField("unit", unit);
      json.writeFieldName("baseline");
      json.writeNumber(rounded(baseline));
      json.writeFieldName("limit");
      json.writeNumber(rounded(limit));
      json.writeBooleanField("holds", holds());
      json.writeStringField("about", about);
      json.writeEndObject();
    }
    return line.toString();
  }

  private static String rounded(double number) {
    return BigDecimal.valueOf(number).round(DIGITS).stripTrailingZeros().toPlainString();
  }
}
