package org.zlens.dsl.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.dsl.command.builtin.BuiltinCommands;
import org.zlens.dsl.session.Interpreter;
import org.zlens.dsl.session.PageValue;
import org.zlens.dsl.session.Provenance;
import org.zlens.dsl.session.ResultListener;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.dsl.syntax.Statement;
import org.zlens.engine.model.ModelLoader;

/**
 * Every case study of {@code examples/} runs, its expectations hold, and its pictures are there;
 * every script of {@code scripts/} binds.
 */
class RecipesTest {
  private static final Path EXAMPLES = Path.of("..", "examples");
  private static final Path SCRIPTS = Path.of("..", "scripts");

  @TempDir private Path directory;

  /** Keeps the pages that a recipe shows. */
  private record Pages(List<Path> paths) implements ResultListener {
    @Override
    public void onValue(Statement statement, Value value, Provenance provenance) {
      if (value instanceof PageValue page) {
        paths.add(page.path());
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> recipesHold() throws IOException {
    try (Stream<Path> studies = Files.list(EXAMPLES)) {
      return studies
          .map(study -> study.resolve("recipe.zl"))
          .filter(Files::exists)
          .sorted()
          .toList()
          .stream()
          .map(recipe -> DynamicTest.dynamicTest(recipe.toString(), () -> run(recipe)));
    }
  }

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

  private void run(Path recipe) {
    assumeTrue(ModelLoader.hasSprig(), "this build has no embedded model");
    Pages pages = new Pages(new ArrayList<>());
    try (Session session =
        new Session(new Registry(BuiltinCommands.all()), Settings.STANDARD, pages, directory)) {
      new Interpreter(session).run(SourceText.read(recipe, recipe.toString()));
    }
    assertThat(pages.paths()).isNotEmpty().allSatisfy(page -> assertThat(page).exists());
  }
}
