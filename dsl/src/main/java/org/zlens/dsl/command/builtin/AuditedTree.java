package org.zlens.dsl.command.builtin;

import java.util.List;
import org.zlens.dsl.command.engine.Counted;
import org.zlens.dsl.command.engine.Estimate;
import org.zlens.dsl.command.engine.Estimate.Fact;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.MemorySize;
import org.zlens.dsl.session.PartialResult;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.session.TreeValue;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.attribute.AttributionTree;
import org.zlens.engine.attribute.CleanRun;
import org.zlens.engine.attribute.audit.TreeAudit;
import org.zlens.engine.attribute.graph.AttributionGraph;
import org.zlens.engine.plan.PlannedRemovals;

/** A tree whose rows were measured; where the user interrupts that, those that were until then. */
final class AuditedTree {
  private AuditedTree() {}

  private static TreeAudit audit(
      Session session,
      Workbench bench,
      CleanRun run,
      AttributionTree tree,
      AttributionGraph graph) {
    long budget = MemorySize.bytes(session.settings().get(Settings.MEMORY));
    return new TreeAudit(run, bench.batch(), tree, graph, budget);
  }

  /** What it takes to measure a tree that is there. */
  static Estimate estimate(
      Session session,
      Workbench bench,
      CleanRun run,
      AttributionTree tree,
      AttributionGraph graph) {
    PlannedRemovals.Work work = audit(session, bench, run, tree, graph).work();
    return new Estimate(
        List.of(
            new Fact("removals", Counted.of(work.removals(), "part")),
            new Fact("passes", Counted.of(work.passes(), "pass", "passes") + " that they share")),
        work.cost(),
        work.bytes());
  }

  /**
   * Measures a tree.
   *
   * @param name of the root in words
   * @param place of the root in words
   */
  static TreeValue of(
      Session session,
      Workbench bench,
      CleanRun run,
      AttributionTree tree,
      AttributionTreeValue made,
      String name,
      String place) {
    TreeAudit audit = audit(session, bench, run, tree, made.graph(tree, name, place));
    try {
      audit.run(bench.progress("audit"));
    } catch (ZlensException e) {
      if (e.kind() != Kind.INTERRUPTED) {
        throw e;
      }
      String done = audit.done() + " of " + audit.measurable() + " parts";
      TreeValue part = made.value(tree, name, audit.graph(), new AuditedRows(audit));
      throw new PartialResult(
          part.withNotes(List.of("interrupted: " + done + " are measured")),
          new ZlensException(
              Kind.INTERRUPTED,
              e.getMessage(),
              "the tree with the " + done + " that were measured is kept in $_"));
    }
    return made.value(tree, name, audit.graph(), new AuditedRows(audit));
  }
}
