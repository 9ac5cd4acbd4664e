package org.zlens.dsl.command;

import java.util.List;
import java.util.Optional;
import org.zlens.dsl.syntax.Token;

/**
 * A call that is being typed.
 *
 * @param written the tokens after its verb
 */
record Call(Command command, List<Token> written) {
  /** The call that the tokens of a stage begin, if they begin one. */
  static Optional<Call> in(Registry registry, List<Token> stage) {
    if (stage.isEmpty()) {
      return Optional.empty();
    }
    String verb = stage.get(0).value();
    if (stage.size() > 1) {
      Optional<Command> pair = registry.find(verb + " " + stage.get(1).value());
      if (pair.isPresent()) {
        return Optional.of(new Call(pair.get(), stage.subList(2, stage.size())));
      }
    }
    return registry.find(verb).map(c -> new Call(c, stage.subList(1, stage.size())));
  }
}
