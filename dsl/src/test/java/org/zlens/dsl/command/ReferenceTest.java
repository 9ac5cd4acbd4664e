package org.zlens.dsl.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.zlens.dsl.command.builtin.BuiltinCommands;
import org.zlens.dsl.command.builtin.Topics;

/** The reference page says what the signatures say; {@code -Dupdate-golden=true} makes it anew. */
class ReferenceTest {
  private static final Path PAGE = Path.of("..", "docs", "commands.md");

  @Test
  void thePageIsFresh() throws IOException {
    String page = Reference.markdown(new Registry(BuiltinCommands.all()), Topics.all());
    if (Boolean.getBoolean("update-golden")) {
      Files.createDirectories(PAGE.getParent());
      Files.writeString(PAGE, page);
    }
    assertThat(Files.readString(PAGE)).isEqualTo(page);
  }
}
