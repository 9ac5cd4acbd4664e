package org.zlens.dsl.command;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.zlens.dsl.syntax.Expression;
import org.zlens.dsl.syntax.Printer;
import org.zlens.dsl.syntax.Span;

/** The paths that could stand at a place, as strings of the language. */
public final class FileCandidates {
  private static final int LIMIT = 2000;
  private static final Span NOWHERE = new Span(0, 0);

  private FileCandidates() {}

  /**
   * What is in the folder that is being typed: the files and folders that are wanted, and every
   * folder as the beginning of a longer path. Hidden files come once their dot is typed.
   *
   * @param typed the path so far, from its opening quote on
   */
  public static List<Candidate> of(Forecast forecast, String typed, Predicate<Path> wanted) {
    String path = typed.startsWith("\"") ? typed.substring(1) : typed;
    int slash = path.lastIndexOf('/') + 1;
    String parent = path.substring(0, slash);
    boolean hidden = path.startsWith(".", slash);
    List<Candidate> found = new ArrayList<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(forecast.directory().toAbsolutePath().resolve(parent))) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (name.startsWith(".") && !hidden) {
          continue;
        }
        boolean folder = Files.isDirectory(file);
        String text = quoted(parent + name);
        if (wanted.test(file)) {
          found.add(new Candidate(text, folder ? "folder" : "file"));
        } else if (folder) {
          found.add(
              Candidate.beginning(text.substring(0, text.length() - 1) + "/", "folder with more"));
        }
        if (found.size() == LIMIT) {
          break;
        }
      }
    } catch (IOException | InvalidPathException | SecurityException e) {
      // A folder that cannot be read has nothing to offer; running the line will say why.
      return List.of();
    }
    found.sort(Comparator.comparing(Candidate::text));
    return found;
  }

  private static String quoted(String path) {
    return Printer.print(new Expression.Text(NOWHERE, path));
  }
}
