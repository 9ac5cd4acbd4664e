package org.zlens.dsl.command;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import org.zlens.engine.model.ModelLoader;

/** Every example of every command runs as it stands, each in a session of its own. */
class ExampleTest {
  @TempDir private Path directory;

  @TestFactory
  Stream<DynamicTest> examplesRun() {
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
            new Interpreter(session).run(new SourceText("example", example.script()));
          }
        });
  }
}
