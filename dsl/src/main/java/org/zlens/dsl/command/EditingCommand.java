package org.zlens.dsl.command;

import java.util.List;
import org.zlens.dsl.session.Session;
import org.zlens.engine.intervene.Intervention;

/**
 * A command that measures a change to the model, and that can also give the change itself, so that
 * a block holds it in force: {@code with ablate feature L2.F417 at S2 { ... }}.
 */
public interface EditingCommand extends Command {
  /** The parameters that say how the measurement is shown; a block takes none of them. */
  List<Parameter<?>> shown();

  /**
   * The change, at the places that the current prompts have. It is asked for again by every verb
   * that runs the model in the block, so prompts and SAEs may change in between.
   *
   * @throws org.zlens.engine.ZlensException if the model, its SAEs or the prompts lack a place
   */
  List<Intervention> edits(Arguments arguments, Session session);
}
