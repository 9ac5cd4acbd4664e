package org.zlens.dsl.command.builtin;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.PartialResult;
import org.zlens.dsl.session.TableValue;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.intervene.Intervention;
import org.zlens.engine.intervene.Sweep;

/** A sweep of which what is done stays when the user interrupts it. */
final class SweepRun {
  private SweepRun() {}

  /**
   * Runs it.
   *
   * @param verb as progress shows it
   * @param table makes the table of the rows that are there, by the number of their intervention
   */
  static TableValue of(
      Workbench bench,
      List<? extends Intervention> each,
      PromptGroups groups,
      String verb,
      Function<Map<Integer, Sweep.Row>, TableValue> table) {
    Map<Integer, Sweep.Row> rows = Collections.synchronizedMap(new TreeMap<>());
    try {
      bench.sweep(verb, each, groups.names(), rows::put);
    } catch (ZlensException e) {
      if (e.kind() != Kind.INTERRUPTED || rows.isEmpty()) {
        throw e;
      }
      String done = rows.size() + " of " + each.size();
      throw new PartialResult(
          table.apply(rows).withNotes(List.of("interrupted: " + done + " are done")),
          new ZlensException(
              Kind.INTERRUPTED, e.getMessage(), "the " + done + " that were done are kept in $_"));
    }
    long idle = rows.values().stream().filter(row -> row.change() == 0).count();
    if (idle == rows.size()) {
      throw new ZlensException(
          Kind.RUNTIME,
          "'" + verb + "' changed nothing at all: the values are so already",
          "values of the same prompts are what they are here");
    }
    return idle == 0
        ? table.apply(rows)
        : table
            .apply(rows)
            .withNotes(
                List.of(
                    idle
                        + " of "
                        + rows.size()
                        + " changed nothing, since they found"
                        + " what they put in"));
  }
}
