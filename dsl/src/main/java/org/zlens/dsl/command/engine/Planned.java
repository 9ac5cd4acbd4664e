package org.zlens.dsl.command.engine;

import java.util.Optional;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.session.Session;
import org.zlens.engine.model.ModelConfig;

/** A command that runs the model, of which one can ask what it would do and take. */
public interface Planned {
  /**
   * What it would do. The model may run to find out which features are active, or what values of
   * other prompts are to be put in.
   *
   * @throws org.zlens.engine.ZlensException if the command itself would end so
   */
  Estimate estimate(Arguments arguments, Session session);

  /** The sizes of the model that it runs, where that is one of its own and not the session's. */
  default Optional<ModelConfig> ownModel() {
    return Optional.empty();
  }

  /** Whether it runs the model on the prompts: without prompts there is nothing to tell then. */
  default boolean wantsPrompts(Arguments arguments) {
    return true;
  }
}
