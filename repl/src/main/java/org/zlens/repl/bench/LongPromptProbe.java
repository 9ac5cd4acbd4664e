package org.zlens.repl.bench;

import java.io.IOException;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.zlens.engine.attribute.AttributionTree;
import org.zlens.engine.attribute.CleanRun;
import org.zlens.engine.attribute.DestinationAttribution;
import org.zlens.engine.attribute.TreeOptions;
import org.zlens.engine.attribute.TreeRoot;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * A process that follows a feature of the last layer upstream in a random prompt, and then takes it
 * apart by head and source at every position, with the SAEs of a folder.
 *
 * <p>It prints the seconds of the clean run, of the tree and of the direct attribution, and the
 * most bytes that were ever resident.
 */
final class LongPromptProbe {
  private static final int LAYER = 11;

  private LongPromptProbe() {}

  public static void main(String[] arguments) throws IOException {
    int length = Integer.parseInt(arguments[1]);
    int[] tokens =
        new SplittableRandom(3).ints(length, 0, AttributionProbe.SMALL.dVocab()).toArray();
    try (PaperModel paper = PaperModel.open(arguments[0]);
        Scope scope = Scope.open()) {
      Tensor prompt = Tensor.ofRows(new int[][] {tokens});
      long start = System.nanoTime();
      CleanRun run = CleanRun.upTo(LAYER, paper.saes(), prompt);
      long ran = System.nanoTime();
      AttributionTree tree = AttributionProbe.tree(run, TreeOptions.Via.ATTENTION);
      long followed = System.nanoTime();
      double apart = apart(paper, prompt, ((TreeRoot.AttentionFeature) tree.what()).feature());
      System.out.println(
          (ran - start) / 1e9
              + " "
              + (followed - ran) / 1e9
              + " "
              + apart
              + " "
              + ResidentMemory.peak());
    }
  }

  private static double apart(PaperModel paper, Tensor prompt, int feature) {
    try (Scope scope = Scope.open()) {
      CleanRun run = CleanRun.mixingOf(LAYER, paper.model(), paper.saes(), prompt);
      long start = System.nanoTime();
      int[] found = {0};
      DestinationAttribution.of(
          run,
          LAYER,
          feature,
          0,
          IntStream.range(0, run.positions()).toArray(),
          DestinationAttribution.Split.BOTH,
          new DestinationAttribution.Keep(10, 0),
          -1,
          Progress.NONE,
          one -> found[0]++);
      if (found[0] != run.positions()) {
        throw new IllegalStateException(found[0] + " destinations of " + run.positions());
      }
      return (System.nanoTime() - start) / 1e9;
    }
  }
}
