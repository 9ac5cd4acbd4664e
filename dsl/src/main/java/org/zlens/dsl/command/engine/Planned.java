package org.zlens.dsl.command.engine;

import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.session.Session;
import org.zlens.engine.plan.Plan;

/** A command whose work is planned, so that one can ask what it would take. */
public interface Planned {
  /** The plan that it would follow; the model may run to find out which features are active. */
  Plan plan(Arguments arguments, Session session);
}
