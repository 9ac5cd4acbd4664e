package org.zlens.repl.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rules of the house that the compiler does not know: sizes, names, and what is written down. */
class LayoutTest {
  private static final Pattern TOP_LEVEL =
      Pattern.compile(
          "(?m)^(?:public |abstract |final |sealed |non-sealed |strictfp )*"
              + "(?:class|interface|enum|record|@interface) (\\w+)");
  private static final Pattern TOP_LEVEL_IN_KOTLIN =
      Pattern.compile(
          "(?m)^(?:public |internal |private |abstract |open |data |sealed |enum |value |fun "
              + "|annotation )*(?:class|interface|object) (\\w+)");
  private static final Pattern POOR_NAME = Pattern.compile(".*(Utils?|Helper|Manager|Impl)(Test)?");
  private static final Pattern UNFINISHED =
      Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");
  private static final Pattern PUBLIC_METHOD =
      Pattern.compile(
          "(?m)^  public (?!class|record|enum|interface|sealed|final class|abstract class)"
              + "[^=;{]*\\{");

  @Test
  void aFileHoldsOneTopLevelTypeOfItsName() {
    List<String> wrong = new ArrayList<>();
    for (Path file : SourceTree.javaFiles("main", "test")) {
      List<String> types = topLevelTypes(SourceTree.read(file));
      String name = nameOf(file);
      boolean documentation = name.equals("package-info") && types.isEmpty();
      if (!documentation && !types.equals(List.of(name))) {
        wrong.add(file + " holds " + types);
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void aFileInKotlinHoldsFunctionsOrOneTopLevelTypeOfItsName() {
    List<String> wrong = new ArrayList<>();
    for (Path file : SourceTree.kotlinFiles("main", "test")) {
      List<String> types = names(TOP_LEVEL_IN_KOTLIN, SourceTree.read(file));
      if (!types.isEmpty() && !types.equals(List.of(nameOf(file)))) {
        wrong.add(file + " holds " + types);
      }
    }
    assertThat(SourceTree.kotlinFiles("main")).isNotEmpty();
    assertThat(wrong).isEmpty();
  }

  private static List<String> topLevelTypes(String source) {
    return names(TOP_LEVEL, source);
  }

  private static List<String> names(Pattern types, String source) {
    List<String> names = new ArrayList<>();
    Matcher matcher = types.matcher(withoutTextsAndComments(source));
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    return names;
  }

  private static String nameOf(Path file) {
    return file.getFileName().toString().replaceAll("\\.\\w+$", "");
  }

  /** What we write, in either language. */
  private static List<Path> sources(String... kinds) {
    return Stream.concat(
            SourceTree.javaFiles(kinds).stream(), SourceTree.kotlinFiles(kinds).stream())
        .toList();
  }

  private static String withoutTextsAndComments(String source) {
    return source
        .replaceAll("(?s)/\\*.*?\\*/", "")
        .replaceAll("(?s)\"\"\".*?\"\"\"", "\"\"")
        .replaceAll("//.*", "");
  }

  @Test
  void noFileIsLongerThanSixHundredLines() {
    assertThat(sources("main", "test"))
        .allSatisfy(file -> assertThat(lines(file)).as(file.toString()).isLessThanOrEqualTo(600));
  }

  @Test
  void halfOfTheFilesAreShorterThanOneHundredAndTwentyLines() {
    List<Integer> sizes = sources("main").stream().map(LayoutTest::lines).sorted().toList();
    assertThat(sizes.get(sizes.size() / 2)).isLessThan(120);
    assertThat(sizes.get(sizes.size() * 95 / 100)).isLessThanOrEqualTo(400);
  }

  private static int lines(Path file) {
    return (int) SourceTree.read(file).lines().count();
  }

  @Test
  void noTypeIsNamedForWhatAnythingCouldBe() {
    assertThat(sources("main", "test"))
        .map(LayoutTest::nameOf)
        .noneMatch(name -> POOR_NAME.matcher(name).matches());
  }

  @Test
  void nothingIsLeftForLater() {
    List<String> wrong = new ArrayList<>();
    for (Path file : sources("main", "test")) {
      Matcher matcher = UNFINISHED.matcher(SourceTree.read(file));
      if (matcher.find()) {
        wrong.add(file + ": " + matcher.group());
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void everyPublicTypeOfTheEngineIsDocumented() {
    List<String> wrong = new ArrayList<>();
    for (Path file : engine()) {
      String source = SourceTree.read(file);
      Matcher type =
          Pattern.compile("(?m)^public .*\\b(class|interface|enum|record) ").matcher(source);
      if (type.find() && !isDocumented(source, type.start())) {
        wrong.add(file.toString());
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void everyPublicMethodOfTheEngineIsDocumented() {
    List<String> wrong = new ArrayList<>();
    for (Path file : engine()) {
      String source = SourceTree.read(file);
      Matcher method = PUBLIC_METHOD.matcher(source);
      while (method.find()) {
        String text = method.group().strip();
        boolean compactConstructor = !text.contains("(");
        if (!compactConstructor
            && !isAccessor(text)
            && !isOverride(source, method.start())
            && !isDocumented(source, method.start())) {
          wrong.add(file.getFileName() + ": " + text.lines().findFirst().orElse(""));
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static List<Path> engine() {
    return SourceTree.javaFiles("main").stream()
        .filter(file -> file.startsWith(SourceTree.root().resolve("engine")))
        .toList();
  }

  /** Getters whose name says it all need no words: those without parameters. */
  private static boolean isAccessor(String method) {
    return method.matches("public (final )?[\\w<>\\[\\], .?]+ \\w+\\(\\) \\{");
  }

  private static boolean isOverride(String source, int at) {
    return lineBefore(source, at).startsWith("@Override");
  }

  private static boolean isDocumented(String source, int at) {
    String before = source.substring(0, at).stripTrailing();
    while (before.substring(before.lastIndexOf('\n') + 1).strip().startsWith("@")) {
      before = before.substring(0, before.lastIndexOf('\n')).stripTrailing();
    }
    return before.endsWith("*/");
  }

  private static String lineBefore(String source, int at) {
    String before = source.substring(0, at).stripTrailing();
    return before.substring(before.lastIndexOf('\n') + 1).strip();
  }
}
