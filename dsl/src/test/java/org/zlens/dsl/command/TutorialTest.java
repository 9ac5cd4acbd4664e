package org.zlens.dsl.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.dsl.command.builtin.BuiltinCommands;
import org.zlens.dsl.session.Interpreter;
import org.zlens.dsl.session.ResultListener;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.engine.model.ModelLoader;

/** Every block of commands in {@code docs/tutorial.md} runs, in one session, and holds. */
class TutorialTest {
  private static final Path TUTORIAL = Path.of("..", "docs", "tutorial.md");
  private static final Pattern BLOCK = Pattern.compile("```zl\\n(.*?)```", Pattern.DOTALL);

  @TempDir private Path directory;

  @Test
  void everyCommandRuns() throws IOException {
    assumeTrue(ModelLoader.hasSprig(), "this build has no embedded model");
    String text = Files.readString(TUTORIAL);
    List<String> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(text);
    while (matcher.find()) {
      blocks.add(matcher.group(1));
    }
    assertThat(blocks).hasSizeGreaterThan(8);
    assertThat(text.split("```", -1))
        .as("every block is one of commands")
        .hasSize(2 * blocks.size() + 1);
    try (Session session =
        new Session(
            new Registry(BuiltinCommands.all()),
            Settings.STANDARD,
            ResultListener.none(),
            directory)) {
      for (String block : blocks) {
        new Interpreter(session).run(new SourceText("tutorial", block));
      }
    }
    assertThat(directory.resolve("question.html")).exists();
  }
}
