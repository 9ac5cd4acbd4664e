package org.zlens.dsl.command.engine;

import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.session.Session;

/** A command that runs the model, of which one can ask what it would do and take. */
public interface Planned {
  /**
   * What it would do. The model may run to find out which features are active, or what values of
   * other prompts are to be put in.
   *
   * @throws org.zlens.engine.ZlensException if the command itself would end so
   */
  Estimate estimate(Arguments arguments, Session session);
}
