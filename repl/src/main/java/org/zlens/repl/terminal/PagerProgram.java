package org.zlens.repl.terminal;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** Which program shows long results. */
public final class PagerProgram {
  /** Ends by itself where all fits, shows colours, and leaves the screen as it is. */
  private static final String LESS = "less -RFX";

  private PagerProgram() {}

  /**
   * A command of the shell: {@code ZLENS_PAGER}, where an empty one means no pages; else {@code
   * PAGER}; else {@code less}; null if there is none of them.
   */
  public static String of(UnaryOperator<String> environment) {
    String own = environment.apply("ZLENS_PAGER");
    if (own != null) {
      return own.strip();
    }
    String common = environment.apply("PAGER");
    if (common != null && !common.isBlank()) {
      return common.strip().equals("less") ? LESS : common.strip();
    }
    String path = environment.apply("PATH");
    for (String folder : (path == null ? "" : path).split(File.pathSeparator)) {
      try {
        if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, "less"))) {
          return LESS;
        }
      } catch (InvalidPathException e) {
        continue;
      }
    }
    return null;
  }
}
