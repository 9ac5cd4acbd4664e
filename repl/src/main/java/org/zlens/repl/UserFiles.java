package org.zlens.repl;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** Where a user's own files are, by the XDG rules. */
public final class UserFiles {
  private UserFiles() {}

  /** The script that a session starts with, or null if the user has none. */
  static Path init() {
    Path file = under(System::getenv, "XDG_CONFIG_HOME", ".config", "init.zl");
    return file != null && Files.isRegularFile(file) ? file : null;
  }

  /**
   * The file that keeps what was typed: {@code ZLENS_HISTORY}, else one in the state folder; null
   * if the variable is set to nothing or there is no place.
   */
  public static Path history(UnaryOperator<String> environment) {
    String chosen = environment.apply("ZLENS_HISTORY");
    if (chosen != null) {
      return chosen.isBlank() ? null : path(chosen);
    }
    return under(environment, "XDG_STATE_HOME", ".local/state", "history");
  }

  private static Path under(
      UnaryOperator<String> environment, String variable, String otherwise, String name) {
    String root = environment.apply(variable);
    if (root == null || root.isBlank()) {
      String home = environment.apply("HOME");
      root = home == null || home.isBlank() ? null : home + "/" + otherwise;
    }
    Path folder = root == null ? null : path(root);
    return folder == null ? null : folder.resolve("zlens").resolve(name);
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      return null;
    }
  }
}
