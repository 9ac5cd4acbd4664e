package org.zlens.repl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.command.ScriptArguments;
import org.zlens.dsl.command.builtin.BuiltinCommands;
import org.zlens.dsl.session.Interpreter;
import org.zlens.dsl.session.NumberValue;
import org.zlens.dsl.session.Provenance;
import org.zlens.dsl.session.ResultListener;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.study.Expectation;
import org.zlens.dsl.study.ExpectedFinding;
import org.zlens.dsl.study.Study;
import org.zlens.dsl.study.StudyRun;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.dsl.syntax.Statement;
import org.zlens.engine.model.ModelLoader;
import org.zlens.repl.output.ErrorPrinter;
import org.zlens.repl.output.TextSink;

/**
 * Every study of {@code examples/} finds on sprig what it says it finds, draws it, and finds every
 * number again when its transcript is replayed.
 */
class StudiesTest {
  private static final Path EXAMPLES = Path.of("..", "examples");

  @TempDir private Path directory;

  /** Keeps what a study shows, for the message of a failure. */
  private record Shown(List<String> lines) implements ResultListener {
    @Override
    public void onValue(Statement statement, Value value, Provenance provenance) {
      lines.add(value instanceof TableValue table ? table.table().printAll() : value.toString());
    }
  }

  @TestFactory
  Stream<DynamicTest> studiesHold() {
    return Study.names(EXAMPLES).stream()
        .map(name -> DynamicTest.dynamicTest(name, () -> holds(name)));
  }

  private void holds(String name) throws Exception {
    assumeTrue(ModelLoader.hasSprig(), "this build has no embedded model");
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    Shown shown = new Shown(new ArrayList<>());
    int exitCode =
        new StudyProgram(
                new Registry(BuiltinCommands.all()),
                EXAMPLES,
                directory,
                new ErrorPrinter(new TextSink(errors), false, false))
            .run(name, List.of(), shown, StudiesTest::record);
    assertThat(exitCode).as(errors + String.join("\n", shown.lines())).isZero();
    Path folder = directory.resolve("studies").resolve(name);
    assertReplays(folder);
    Path report = folder.resolve("index.html");
    assertThat(Files.readString(report)).contains("class=\"plot\"").contains("control: ");
    assertThat(Files.readString(EXAMPLES.resolve(name).resolve("README.md")))
        .contains("bin/zlens study " + name);
  }

  private static void record(Session session) {
    session.files().stayOffline();
    new Interpreter(session).run(new SourceText("test", "record \"transcript.zl\""));
  }

  private static void assertReplays(Path folder) {
    Shown moved = new Shown(new ArrayList<>());
    try (Session session =
        new Session(new Registry(BuiltinCommands.all()), Settings.STANDARD, moved, folder)) {
      session.files().stayOffline();
      String replay = "replay \"transcript.zl\" tolerance 1e-4";
      assertThatCode(() -> new Interpreter(session).run(new SourceText("test", replay)))
          .as(() -> String.join("\n", moved.lines()))
          .doesNotThrowAnyException();
    }
    assertThat(moved.lines()).hasSize(1);
  }

  /**
   * The parameters of the paper's models, whose weights are not here, are such as the recipes take.
   */
  @TestFactory
  Stream<DynamicTest> parametersOfEveryModelFit() {
    return StudyModels.each(EXAMPLES, model -> true, this::fits);
  }

  private void fits(Study study, String model) {
    String parameters =
        SourceText.read(study.recipe(), study.name())
            .text()
            .lines()
            .filter(line -> line.startsWith("param "))
            .collect(Collectors.joining("\n"));
    try (Session session =
        new Session(
            new Registry(BuiltinCommands.all()),
            Settings.STANDARD,
            ResultListener.none(),
            directory)) {
      List<String> words = new StudyRun(study, List.of("model=" + model)).words();
      SourceText source = new SourceText(study.name(), parameters);
      new Interpreter(session).run(ScriptArguments.set(Interpreter.parse(source), words));
    }
  }

  /** The table of a README is that of expected.json, which holds what is measured. */
  @TestFactory
  Stream<DynamicTest> readmesTellTheNumbers() {
    return Study.names(EXAMPLES).stream()
        .map(name -> Study.read(EXAMPLES, name))
        .map(study -> DynamicTest.dynamicTest(study.name(), () -> tellsTheNumbers(study)));
  }

  private static void tellsTheNumbers(Study study) throws IOException {
    List<String> papers =
        study.models().keySet().stream().filter(model -> !model.equals(Study.SPRIG)).toList();
    StringBuilder table = new StringBuilder("| number | sprig |");
    papers.forEach(model -> table.append(" paper (").append(model).append(") |"));
    table.append("\n|---|---|").append("---|".repeat(papers.size())).append('\n');
    for (ExpectedFinding finding : study.findings()) {
      if (finding.on(Study.SPRIG).isEmpty()) {
        continue;
      }
      table.append("| ").append(finding.name()).append(finding.control() ? " (control)" : "");
      table.append(" | ").append(number(finding.on(Study.SPRIG).get())).append(" |");
      for (String model : papers) {
        Optional<Expectation> published = finding.on(model).filter(Expectation::isKnown);
        table.append(' ');
        published.ifPresent(
            one -> table.append(number(one) + " (" + one.source().orElseThrow() + ")"));
        table.append(" |");
      }
      table.append('\n');
    }
    Path readme = EXAMPLES.resolve(study.name()).resolve("README.md");
    assertThat(Files.readString(readme)).contains(table);
    assertThat(Files.readString(EXAMPLES.resolve("README.md")))
        .contains("| [" + study.name() + "](" + study.name() + ") | " + study.paper() + " | ");
  }

  private static String number(Expectation expectation) {
    return expectation.value().isPresent()
        ? NumberValue.format(expectation.value().getAsDouble())
        : expectation.phrase();
  }

  @Test
  void whatIsNoStudyIsSaid() {
    assertThat(ProgramRun.of("study").exitCode()).isEqualTo(2);
    assertThat(ProgramRun.of("--safe", "study", "all").err()).contains("--safe refuses");
  }
}
