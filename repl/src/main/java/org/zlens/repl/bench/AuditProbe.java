package org.zlens.repl.bench;

import java.io.IOException;
import org.zlens.engine.attribute.AttributionTree;
import org.zlens.engine.attribute.CleanRun;
import org.zlens.engine.attribute.TreeOptions;
import org.zlens.engine.attribute.audit.TreeAudit;
import org.zlens.engine.attribute.graph.AttributionGraph;
import org.zlens.engine.attribute.graph.TreeGraph;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Torch;

/**
 * A process that follows the strongest feature of the last layer through a model of the size of
 * GPT-2 Small with the SAEs of a folder and measures every part that it follows, after a clean run
 * of its own each time.
 *
 * <p>It prints the median seconds of a clean run, of a tree with its audit, the numbers and the
 * edges that were measured, and how many of these agree.
 */
final class AuditProbe {
  private static final long BUDGET = 2L << 30;

  private AuditProbe() {}

  public static void main(String[] arguments) throws IOException {
    int runs = Integer.parseInt(arguments[1]);
    Torch.setThreads(Integer.parseInt(arguments[2]));
    double[] clean = new double[runs];
    double[] audited = new double[runs];
    String counts = "";
    try (PaperModel paper = PaperModel.open(arguments[0])) {
      // The first is a warm-up.
      for (int i = -1; i < runs; i++) {
        try (Scope scope = Scope.open()) {
          long start = System.nanoTime();
          CleanRun run = CleanRun.upTo(11, paper.saes(), paper.batch().tokens());
          long ran = System.nanoTime();
          AttributionTree tree = AttributionProbe.tree(run, TreeOptions.Via.ATTENTION);
          AttributionGraph graph = TreeGraph.of("the bench", tree);
          TreeAudit audit = new TreeAudit(run, paper.batch(), tree, graph, BUDGET);
          audit.run(Progress.NONE);
          long done = System.nanoTime();
          if (audit.done() < audit.measurable()) {
            throw new IllegalStateException("not everything was measured");
          }
          counts =
              graph.nodes().size()
                  + " "
                  + audit.summary().edges()
                  + " "
                  + audit.summary().agreeing();
          if (i >= 0) {
            clean[i] = (ran - start) / 1e9;
            audited[i] = (done - ran) / 1e9;
          }
        }
      }
    }
    System.out.println(Median.of(clean) + " " + Median.of(audited) + " " + counts);
  }
}
