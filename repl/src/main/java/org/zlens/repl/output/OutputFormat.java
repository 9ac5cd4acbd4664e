package org.zlens.repl.output;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** The formats that results can be printed in, each by its printer. */
public enum OutputFormat {
  TABLE(AlignedPrinter::new),
  JSON(JsonPrinter::new),
  CSV(CsvPrinter::new),
  TSV(TsvPrinter::new),
  MARKDOWN(MarkdownPrinter::new),
  VERTICAL(VerticalPrinter::new);

  private final Supplier<OutputPrinter> printer;

  OutputFormat(Supplier<OutputPrinter> printer) {
    this.printer = printer;
  }

  /** Its name as users write it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The names of all. */
  public static List<String> names() {
    return Arrays.stream(values()).map(OutputFormat::text).toList();
  }

  /** The printer of the format that a user's word names, which must be one of {@link #names}. */
  public static OutputPrinter printer(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT)).printer.get();
  }
}
