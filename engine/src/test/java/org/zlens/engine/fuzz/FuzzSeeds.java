package org.zlens.engine.fuzz;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What a fuzz test may tell the fuzzer to start from, beside the inputs that are kept. */
public interface FuzzSeeds {
  /** Writes inputs as they are found in the wild, a file each. */
  void write(Path folder) throws IOException;

  /** Words that chance alone would not find. */
  default List<String> words() {
    return List.of();
  }
}
