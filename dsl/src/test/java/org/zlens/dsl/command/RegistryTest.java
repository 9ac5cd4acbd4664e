package org.zlens.dsl.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.zlens.dsl.command.builtin.BuiltinCommands;
import org.zlens.dsl.command.builtin.ShowCommand;

class RegistryTest {
  @Test
  void twoCommandsOfOneVerbAreRefused() {
    assertThatThrownBy(() -> new Registry(List.of(new ShowCommand(), new ShowCommand())))
        .hasMessageContaining("'show'");
  }

  @Test
  void theListOfBuiltinsIsInOrder() {
    assertThat(BuiltinCommands.all()).extracting(c -> c.signature().verb()).isSorted();
  }

  /** What help and the reference need of every command. */
  @Test
  void everyCommandHasAnExampleOrNeedsAFileOrAnHour() {
    assertThat(BuiltinCommands.all())
        .filteredOn(c -> c.signature().examples().isEmpty())
        .extracting(c -> c.signature().verb())
        .containsExactly("run", "train sprig");
  }
}
