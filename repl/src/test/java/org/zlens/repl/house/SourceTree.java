package org.zlens.repl.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The source files of all modules. */
final class SourceTree {
  private SourceTree() {}

  /** The folder that holds all modules. */
  static Path root() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.isDirectory(at.resolve("engine")) && Files.isDirectory(at.resolve("dsl"))) {
        return at;
      }
    }
    throw new IllegalStateException("the tests do not run inside the checkout");
  }

  /** Every Java file below {@code MODULE/src/KIND} of each module. */
  static List<Path> javaFiles(String... kinds) {
    return files(".java", kinds);
  }

  /** Every file in Kotlin of the parts of each module. */
  static List<Path> kotlinFiles(String... kinds) {
    return files(".kt", kinds);
  }

  private static List<Path> files(String ending, String... kinds) {
    return Stream.of("engine", "dsl", "repl")
        .flatMap(
            module ->
                Stream.of(kinds).map(kind -> root().resolve(module).resolve("src").resolve(kind)))
        .filter(Files::isDirectory)
        .flatMap(SourceTree::walk)
        .filter(file -> file.toString().endsWith(ending))
        .sorted()
        .toList();
  }

  /** All files below a folder. */
  static Stream<Path> walk(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }
}
