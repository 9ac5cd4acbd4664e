package org.zlens.dsl.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.zlens.dsl.command.builtin.BuiltinCommands;
import org.zlens.dsl.command.builtin.Topics;

/**
 * The reference page and the functions of the Kotlin facade say what the signatures say; {@code
 * -Dupdate-golden=true} makes them anew.
 */
class ReferenceTest {
  private static final Path PAGE = Path.of("..", "docs", "commands.md");

  private static final Path FACADE =
      Path.of("src", "main", "kotlin", "org", "zlens", "dsl", "kotlin");

  private final Registry registry = new Registry(BuiltinCommands.all());

  @Test
  void thePageIsFresh() throws IOException {
    check(PAGE, Reference.markdown(registry, Topics.all()));
  }

  @Test
  void theKotlinFunctionsAreFresh() throws IOException {
    for (Group group : Group.values()) {
      if (!registry.all(group).isEmpty()) {
        check(FACADE.resolve(FacadeSource.file(group)), FacadeSource.of(registry, group));
      }
    }
  }

  private static void check(Path file, String text) throws IOException {
    if (Boolean.getBoolean("update-golden")) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    }
    assertThat(file).exists();
    assertThat(Files.readString(file)).isEqualTo(text);
  }
}
