package org.zlens.dsl.command.builtin;

import java.util.List;
import java.util.Optional;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.EditingCommand;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.engine.Estimate;
import org.zlens.dsl.command.engine.Planned;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;

/**
 * An edit whose measurement is the metric of the prompts without and with it, by the least work.
 */
interface MeasuredEdit extends EditingCommand, Planned {
  /** What the prompts are called that ran with the edit, as the column of their metric. */
  String changed();

  @Override
  default Optional<List<String>> resultColumns(Arguments arguments, Forecast forecast) {
    return InterventionTable.columns(arguments, forecast, changed());
  }

  @Override
  default Value run(Arguments arguments, Session session) {
    return InterventionTable.of(arguments, session, edits(arguments, session), changed());
  }

  @Override
  default Estimate estimate(Arguments arguments, Session session) {
    return Workbench.of(session).estimate(edits(arguments, session));
  }

  @Override
  default List<Parameter<?>> shown() {
    return InterventionTable.SHOWN;
  }
}
