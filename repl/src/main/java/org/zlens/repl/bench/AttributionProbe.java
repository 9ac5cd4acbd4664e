package org.zlens.repl.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.zlens.engine.attribute.AttributionTree;
import org.zlens.engine.attribute.CleanRun;
import org.zlens.engine.attribute.TreeOptions;
import org.zlens.engine.attribute.TreeRoot;
import org.zlens.engine.attribute.graph.AttributionGraph;
import org.zlens.engine.attribute.graph.TreeGraph;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.model.Weights;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.ActiveFeatures;
import org.zlens.engine.sae.LoadedSae;
import org.zlens.engine.sae.Sae;
import org.zlens.engine.sae.SaeLoader;
import org.zlens.engine.sae.SaeSet;
import org.zlens.engine.train.InitialWeights;

/**
 * A process that follows the strongest feature of the last layer through a model of the size of
 * GPT-2 Small with the SAEs of a folder, through attention outputs, residual features or both, each
 * time after a clean run of its own.
 *
 * <p>It prints the median seconds of a clean run, the seconds of the first tree, during which the
 * SAEs are read from their files, the median seconds of those after it, the nodes and edges of the
 * tree's graph, and the most bytes that were ever resident.
 */
final class AttributionProbe {
  static final ModelConfig SMALL = RandomModel.config(768, 1024, 50257);

  private static final int LENGTH = 20;

  private AttributionProbe() {}

  static int[] tokens() {
    return new SplittableRandom(3).ints(LENGTH, 0, SMALL.dVocab()).toArray();
  }

  /** Takes the folder, what is followed through, and the number of trees after the first. */
  public static void main(String[] arguments) throws IOException {
    try (Weights weights = InitialWeights.of(SMALL, 1)) {
      Transformer model = new Transformer(SMALL, weights);
      try (SaeSet saes = new SaeSet(model)) {
        for (LoadedSae one : SaeLoader.loadAll(Path.of(arguments[0]), null)) {
          saes.attach(one.sae());
        }
        double[] clean = new double[Integer.parseInt(arguments[2])];
        double[] trees = new double[clean.length];
        AttributionGraph graph = null;
        double first = 0;
        for (int i = -1; i < trees.length; i++) {
          try (Scope scope = Scope.open()) {
            long start = System.nanoTime();
            CleanRun run = CleanRun.upTo(11, saes, Tensor.ofRows(new int[][] {tokens()}));
            long ran = System.nanoTime();
            AttributionTree tree = tree(run, TreeOptions.Via.valueOf(arguments[1]));
            double seconds = (System.nanoTime() - ran) / 1e9;
            graph = TreeGraph.of("the bench", tree);
            if (i < 0) {
              first = seconds;
            } else {
              clean[i] = (ran - start) / 1e9;
              trees[i] = seconds;
            }
          }
        }
        System.out.println(
            Median.of(clean)
                + " "
                + first
                + " "
                + Median.of(trees)
                + " "
                + graph.nodes().size()
                + " "
                + graph.edges().size()
                + " "
                + ResidentMemory.peak());
      }
    }
  }

  /** The tree of the strongest feature of the last layer at the last token. */
  static AttributionTree tree(CleanRun run, TreeOptions.Via via) {
    Sae sae = run.saes().attention(11);
    int end = run.positions() - 1;
    int feature;
    try (Scope scope = Scope.open()) {
      Tensor last = run.activations().get(sae.location()).select(0, 0).slice(0, end, end + 1L);
      feature = ActiveFeatures.of(sae, last.unsqueeze(0)).get(0).feature();
    }
    return AttributionTree.of(
        run,
        new TreeRoot.AttentionFeature(11, feature),
        0,
        end,
        TreeOptions.of(5, 3, 0).via(via),
        Progress.NONE);
  }
}
