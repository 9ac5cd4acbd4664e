package org.zlens.dsl.command.builtin;

import java.util.List;
import org.zlens.dsl.command.Command;

/** The commands of the language itself, in the order of their verbs. */
public final class BuiltinCommands {
  private BuiltinCommands() {}

  /** One of each. */
  public static List<Command> all() {
    return List.of(
        new QuitCommand("exit"),
        new ExpectCommand(),
        new HelpCommand(),
        new QuitCommand("quit"),
        new RunCommand(),
        new SaveCommand(),
        new SelectCommand(),
        new SetCommand(),
        new ShowCommand(),
        new SortCommand(),
        new TopCommand(),
        new WhereCommand());
  }
}
