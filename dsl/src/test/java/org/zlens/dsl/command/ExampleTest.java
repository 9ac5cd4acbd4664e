package org.zlens.dsl.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.dsl.command.builtin.BuiltinCommands;
import org.zlens.dsl.diagnostic.DiagnosticException;
import org.zlens.dsl.session.Interpreter;
import org.zlens.dsl.session.LivePage;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.engine.model.ModelLoader;

/** Every example of every command runs as it stands, each in a session of its own. */
class ExampleTest {
  @TempDir private Path directory;

  @TestFactory
  Stream<DynamicTest> examplesRun() {
    return examples((session, source) -> new Interpreter(session).run(source));
  }

  /**
   * With --safe an example runs and leaves no file, or is refused before it runs because a command
   * says what it needs. A command that writes without saying so would be refused in other words, by
   * the session's files, and fails here.
   */
  @TestFactory
  Stream<DynamicTest> safeExamplesLeaveNoFile() {
    return examples(
        (session, source) -> {
          session.files().makeSafe();
          try {
            new Interpreter(session).run(source);
          } catch (DiagnosticException e) {
            assertThat(e.diagnostic().message()).contains("which --safe refuses");
          }
          assertThat(directory).isEmptyDirectory();
        });
  }

  private Stream<DynamicTest> examples(BiConsumer<Session, SourceText> way) {
    Registry registry = new Registry(BuiltinCommands.all());
    return registry.all().stream()
        .flatMap(
            command ->
                command.signature().examples().stream()
                    .map(example -> test(registry, command, example, way)));
  }

  private DynamicTest test(
      Registry registry, Command command, Example example, BiConsumer<Session, SourceText> way) {
    return DynamicTest.dynamicTest(
        example.script(),
        () -> {
          assumeTrue(
              ModelLoader.hasSprig() || !example.script().contains("sprig"),
              "this build has no embedded model");
          try (Session session =
              new Session(registry, Settings.STANDARD, new OriginCheck(command), directory)) {
            session.put(LivePage.SLOT, new ClosedPage());
            way.accept(session, new SourceText("example", example.script()));
          }
        });
  }
}
