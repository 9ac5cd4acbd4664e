package org.zlens.dsl.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.zlens.dsl.diagnostic.Suggestion;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.io.DataFault;

/**
 * A recipe and the numbers that it should find.
 *
 * @param name that of its folder
 * @param title one line
 * @param paper the figures, tables and appendices that it is about
 * @param question what it asks, in a sentence or two
 * @param models the models that it can be run on, each with the values of the recipe's parameters
 * @param findings the numbers, in the order in which they are told of
 */
public record Study(
    String name,
    Path folder,
    String title,
    String paper,
    String question,
    Map<String, Map<String, String>> models,
    List<ExpectedFinding> findings) {
  /** The model that every study runs on, at once and offline. */
  public static final String SPRIG = "sprig";

  private static final String RECIPE = "recipe.zl";

  /** Keeps models and findings from changing. */
  public Study {
    models = Collections.unmodifiableMap(new LinkedHashMap<>(models));
    findings = List.copyOf(findings);
  }

  /** The commands of the study. */
  public Path recipe() {
    return folder.resolve(RECIPE);
  }

  /** The names of the studies in a folder, in alphabetical order. */
  public static List<String> names(Path examples) {
    try (Stream<Path> folders = Files.list(examples)) {
      return folders
          .filter(folder -> Files.exists(folder.resolve(RECIPE)))
          .map(folder -> folder.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw DataFault.of(examples, e);
    }
  }

  /**
   * Reads a study.
   *
   * @throws ZlensException of kind USAGE if there is none of that name, of kind DATA if its
   *     expected.json is not as it must be
   */
  public static Study read(Path examples, String name) {
    List<String> names = names(examples);
    if (!names.contains(name)) {
      throw new ZlensException(
          Kind.USAGE,
          "no study " + Quoted.of(name),
          Suggestion.didYouMean(name, names, "there are all, " + String.join(", ", names)));
    }
    return new StudyReader(examples.resolve(name)).read();
  }
}
