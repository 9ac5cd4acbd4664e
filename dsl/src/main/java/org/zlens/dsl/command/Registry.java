package org.zlens.dsl.command;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The commands of a session, by verb. */
public final class Registry {
  private final Map<String, Command> commands = new TreeMap<>();
  private final Map<String, Command> byVerb = new HashMap<>();
  private final Set<String> firstOfTwo = new HashSet<>();

  /** Throws {@link IllegalArgumentException} when two commands have one verb. */
  public Registry(Collection<? extends Command> all) {
    for (Command command : all) {
      String verb = command.signature().verb();
      if (commands.put(verb, command) != null) {
        throw new IllegalArgumentException("two commands have the verb '" + verb + "'");
      }
      byVerb.put(verb, command);
      int blank = verb.indexOf(' ');
      if (blank > 0) {
        firstOfTwo.add(verb.substring(0, blank));
      }
    }
  }

  /** This registry and more commands. */
  public Registry with(Collection<? extends Command> more) {
    List<Command> all = new ArrayList<>(commands.values());
    all.addAll(more);
    return new Registry(all);
  }

  /** The command of a verb. */
  public Optional<Command> find(String verb) {
    return Optional.ofNullable(byVerb.get(verb));
  }

  /** The command of a verb of two words. */
  Optional<Command> find(String verb, String second) {
    return firstOfTwo.contains(verb) ? find(verb + " " + second) : Optional.empty();
  }

  /** All verbs in alphabetical order. */
  public List<String> verbs() {
    return List.copyOf(commands.keySet());
  }

  /** The verbs that give an edit, in alphabetical order. */
  public List<String> editing() {
    return commands.values().stream()
        .filter(EditingCommand.class::isInstance)
        .map(command -> command.signature().verb())
        .toList();
  }

  /** All commands in the order of their verbs. */
  public List<Command> all() {
    return List.copyOf(commands.values());
  }

  /** The commands of a group in the order of their verbs. */
  public List<Command> all(Group group) {
    return commands.values().stream().filter(c -> c.signature().group() == group).toList();
  }
}
