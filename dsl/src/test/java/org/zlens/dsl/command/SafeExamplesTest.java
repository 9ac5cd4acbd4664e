package org.zlens.dsl.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.dsl.command.builtin.BuiltinCommands;
import org.zlens.dsl.diagnostic.DiagnosticException;
import org.zlens.dsl.session.Interpreter;
import org.zlens.dsl.session.ResultListener;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.engine.model.ModelLoader;

/**
 * Every example of every command with --safe: it runs and leaves no file, or is refused before it
 * runs because a command says what it needs. A command that writes without saying so would be
 * refused in other words, by the session's files, and fails here.
 */
class SafeExamplesTest {
  @TempDir private Path directory;

  @TestFactory
  Stream<DynamicTest> examplesLeaveNoFile() {
    Registry registry = new Registry(BuiltinCommands.all());
    return registry.all().stream()
        .map(Command::signature)
        .flatMap(signature -> signature.examples().stream().map(e -> test(registry, e)));
  }

  private DynamicTest test(Registry registry, Example example) {
    return DynamicTest.dynamicTest(
        example.script(),
        () -> {
          assumeTrue(
              ModelLoader.hasSprig() || !example.script().contains("sprig"),
              "this build has no embedded model");
          try (Session session =
              new Session(registry, Settings.STANDARD, ResultListener.none(), directory)) {
            session.files().makeSafe();
            new Interpreter(session).run(new SourceText("example", example.script()));
          } catch (DiagnosticException e) {
            assertThat(e.diagnostic().message()).contains("which --safe refuses");
          }
          assertThat(files()).isEmpty();
        });
  }

  private Iterable<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.toList();
    }
  }
}
