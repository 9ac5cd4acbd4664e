package org.zlens.dsl.command.builtin;

import java.util.List;
import java.util.function.Supplier;
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
import org.zlens.engine.attribute.MeanTree;
import org.zlens.engine.attribute.audit.MeanAudit;
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
    return new TreeAudit(run, bench.batch(), tree, graph, budget(session));
  }

  private static long budget(Session session) {
    return MemorySize.bytes(session.settings().get(Settings.MEMORY));
  }

  /**
   * What it takes to measure a tree that is there.
   *
   * @param prompts whose trees are about as large and are measured too, this one among them
   */
  static Estimate estimate(
      Session session,
      Workbench bench,
      CleanRun run,
      AttributionTree tree,
      AttributionGraph graph,
      int prompts) {
    PlannedRemovals.Work work = audit(session, bench, run, tree, graph).work();
    String each = prompts > 1 ? ", about as in each of " + prompts + " prompts" : "";
    return new Estimate(
        List.of(
            new Fact("removals", Counted.of(work.removals(), "part") + each),
            new Fact(
                "blocks", Counted.of(work.steps(), "block") + " run for many of them at a time")),
        work.cost().times(prompts),
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
    return measured(
        () -> audit.run(bench.progress("audit")),
        () -> made.value(tree, name, audit.graph(), new AuditedRows(audit)),
        () -> audit.done() + " of " + audit.measurable() + " parts");
  }

  /**
   * Measures the mean of trees.
   *
   * @param name of the root in words
   * @param place of the root in words
   * @param prompts that it is the mean over, in words
   */
  static TreeValue of(
      Session session,
      Workbench bench,
      CleanRun run,
      MeanTree mean,
      AttributionTreeValue made,
      String name,
      String place,
      String prompts) {
    AttributionGraph graph = made.graph(mean, name, place, prompts);
    MeanAudit audit = new MeanAudit(run, bench.batch(), mean, graph, budget(session));
    return measured(
        () -> audit.run(bench.progress("audit")),
        () -> made.value(mean, name, prompts, audit.graph(), new AuditedRows(audit)),
        () -> audit.done() + " of " + mean.prompts() + " prompts");
  }

  private static TreeValue measured(
      Runnable audit, Supplier<TreeValue> value, Supplier<String> done) {
    try {
      audit.run();
    } catch (ZlensException e) {
      if (e.kind() != Kind.INTERRUPTED) {
        throw e;
      }
      TreeValue part = value.get();
      throw new PartialResult(
          part.withNotes(List.of("interrupted: " + done.get() + " are measured")),
          new ZlensException(
              Kind.INTERRUPTED,
              e.getMessage(),
              "the tree with the " + done.get() + " that were measured is kept in $_"));
    }
    return value.get();
  }
}
