package org.zlens.repl.output;

import java.io.IOException;
import org.zlens.dsl.save.ValueJson;
import org.zlens.dsl.session.Provenance;
import org.zlens.dsl.session.Value;

/** One JSON object a line for each result, with how it came to be. */
final class JsonPrinter implements OutputPrinter {
  @Override
  public void print(Value value, Provenance provenance, Page page) throws IOException {
    page.out().append(ValueJson.line(value, provenance)).append('\n');
  }
}
