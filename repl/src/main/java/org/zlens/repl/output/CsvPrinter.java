package org.zlens.repl.output;

import java.io.IOException;
import org.zlens.dsl.save.CsvFormat;
import org.zlens.dsl.session.Provenance;
import org.zlens.dsl.session.Value;

/** Comma-separated values as RFC 4180 has them, with a header; an empty line between results. */
final class CsvPrinter implements OutputPrinter {
  private boolean first = true;

  @Override
  public void print(Value value, Provenance provenance, Page page) throws IOException {
    if (!first) {
      page.out().append('\n');
    }
    first = false;
    CsvFormat.write(ExactCells.table(value), page.out());
  }
}
