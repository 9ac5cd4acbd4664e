package org.zlens.dsl.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.dsl.command.builtin.BuiltinCommands;
import org.zlens.dsl.session.Interpreter;
import org.zlens.dsl.session.ResultListener;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.syntax.SourceText;

/** Every script of {@code scripts/} binds; the recipes of {@code examples/} run as studies. */
class ScriptsTest {
  private static final Path SCRIPTS = Path.of("..", "scripts");

  @TempDir private Path directory;

  /**
   * The scripts take long, so that they are only bound: every verb is there and takes its words.
   */
  @TestFactory
  Stream<DynamicTest> scriptsBind() throws IOException {
    try (Stream<Path> scripts = Files.list(SCRIPTS)) {
      return scripts.filter(script -> script.toString().endsWith(".zl")).sorted().toList().stream()
          .map(script -> DynamicTest.dynamicTest(script.toString(), () -> bind(script)));
    }
  }

  private void bind(Path script) {
    try (Session session =
        new Session(
            new Registry(BuiltinCommands.all()),
            Settings.STANDARD,
            ResultListener.none(),
            directory)) {
      BoundScript bound = new Interpreter(session).bind(SourceText.read(script, script.toString()));
      assertThat(bound.statements()).isNotEmpty();
    }
  }
}
