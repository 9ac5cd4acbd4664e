package org.zlens.dsl.save;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The formats that there are, in the order of their endings. */
public final class SaveFormats {
  private static final List<SaveFormat> ALL =
      List.of(
          new CsvFormat(".csv", ','),
          new GraphmlFormat(),
          new JsonFormat(),
          new NpzFormat(),
          new ParquetFormat(),
          new SafetensorsFormat(),
          new CsvFormat(".tsv", '\t'));

  private SaveFormats() {}

  public static List<SaveFormat> all() {
    return ALL;
  }

  /** The format that the ending of a file name chooses. */
  public static Optional<SaveFormat> of(String file) {
    String name = file.toLowerCase(Locale.ROOT);
    return ALL.stream().filter(format -> name.endsWith(format.ending())).findFirst();
  }
}
