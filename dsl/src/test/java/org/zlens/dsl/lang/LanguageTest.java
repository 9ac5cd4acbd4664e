package org.zlens.dsl.lang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.dsl.syntax.Parser;
import org.zlens.dsl.syntax.Printer;
import org.zlens.dsl.syntax.Script;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.dsl.syntax.SyntaxDump;
import org.zlens.dsl.syntax.SyntaxException;
import org.zlens.engine.model.ModelLoader;

/**
 * Runs {@code src/test/resources/lang/*}{@code /*.test}: scripts, several to a file with lines of
 * {@code ---} between them, each in a session of its own. Lines that start with {@code # expect}
 * say what the statement above them prints; {@code -Dupdate-golden=true} writes them anew. Lines of
 * errors count without them. {@code -Dlang=sweep} runs the files alone in whose path that is found.
 */
class LanguageTest {
  private static final Path ROOT = Path.of("src", "test", "resources", "lang");
  private static final String BETWEEN = "---\n";

  @TempDir private Path temporary;

  @TestFactory
  Stream<DynamicTest> printsWhatTheFileSays() throws IOException {
    return files()
        .map(file -> DynamicTest.dynamicTest(ROOT.relativize(file).toString(), () -> check(file)));
  }

  /** Every script of the tests that parses prints as text that parses to the same syntax. */
  @TestFactory
  Stream<DynamicTest> printingAndParsingAgree() throws IOException {
    return files()
        .map(
            file ->
                DynamicTest.dynamicTest(
                    ROOT.relativize(file).toString(),
                    () -> {
                      for (LanguageCase one : cases(file)) {
                        roundTrip(one.source());
                      }
                    }));
  }

  private void check(Path file) throws IOException {
    assumeTrue(
        ModelLoader.hasSprig() || !Files.readString(file).contains("model sprig"),
        "this build has no embedded model");
    String actual =
        cases(file).stream().map(LanguageCase::run).collect(Collectors.joining(BETWEEN));
    if (Boolean.getBoolean("update-golden")) {
      Files.writeString(file, actual);
    }
    assertThat(actual).isEqualTo(Files.readString(file));
  }

  /** The scripts of a file; what they run and write lies in a folder of their own. */
  private List<LanguageCase> cases(Path file) throws IOException {
    Path directory = Files.createTempDirectory(temporary, "case");
    try (Stream<Path> beside = Files.walk(file.getParent())) {
      for (Path script : beside.filter(LanguageTest::isGiven).toList()) {
        Path copy = directory.resolve(file.getParent().relativize(script));
        Files.createDirectories(copy.getParent());
        Files.copy(script, copy);
      }
    }
    return Stream.of(Files.readString(file).split("(?m)^---\n"))
        .map(text -> new LanguageCase(text, directory))
        .toList();
  }

  private static boolean isGiven(Path file) {
    return file.toString().endsWith(".zl") || file.toString().endsWith(".jsonl");
  }

  private static void roundTrip(SourceText source) {
    Script script;
    try {
      script = Parser.parse(source);
    } catch (SyntaxException e) {
      return;
    }
    String printed = Printer.print(script);
    Script again = Parser.parse(new SourceText("printed", printed));
    assertThat(SyntaxDump.dump(again)).isEqualTo(SyntaxDump.dump(script));
    assertThat(Printer.print(again)).isEqualTo(printed);
  }

  private static Stream<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(ROOT)) {
      Predicate<String> only = Pattern.compile(System.getProperty("lang", "")).asPredicate();
      return all
          .filter(f -> f.toString().endsWith(".test") && only.test(f.toString()))
          .sorted()
          .toList()
          .stream();
    }
  }
}
