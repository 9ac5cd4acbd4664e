package org.zlens.dsl.save;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A format of files that tables are read from; the file's ending chooses it. */
public interface TableReader {
  /** Those that there are, in the order of their endings. */
  List<TableReader> ALL =
      List.of(
          new DelimitedReader(".csv", ','),
          new JsonTableReader(),
          new ParquetTableReader(),
          new DelimitedReader(".tsv", '\t'));

  /** The ending with its dot, in lower case. */
  String ending();

  /** Reads a file; one that is broken, or too large, is an exception of kind DATA. */
  TableFile read(Path path);

  /** The reader that the ending of a file name chooses. */
  static Optional<TableReader> of(String file) {
    String name = file.toLowerCase(Locale.ROOT);
    return ALL.stream().filter(format -> name.endsWith(format.ending())).findFirst();
  }
}
