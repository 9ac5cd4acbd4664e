package org.zlens.repl.bench;

import java.io.IOException;
import org.zlens.engine.attribute.CleanRun;
import org.zlens.engine.attribute.QkAttribution;
import org.zlens.engine.attribute.QkSide;
import org.zlens.engine.attribute.StreamSplit;
import org.zlens.engine.hook.Site;
import org.zlens.engine.model.BlockWeights;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.runtime.Torch;
import org.zlens.engine.sae.Sae;

/**
 * A process that takes an attention score apart, feature by feature on both sides, once with the
 * residual features of the layer and once with the attention features of all layers before it, each
 * time in a clean run of its own.
 *
 * <p>It prints the seconds of either, and those of all 24,576 features of the residual SAE on both
 * sides, active or not, seen by the query and the key as products of whole matrices.
 */
final class QkProbe {
  private static final int LAYER = 11;
  private static final int HEAD = 3;
  private static final int QUERY = 19;
  private static final int KEY = 8;

  private QkProbe() {}

  public static void main(String[] arguments) throws IOException {
    Torch.setThreads(Integer.parseInt(arguments[2]));
    int runs = Integer.parseInt(arguments[1]);
    try (PaperModel paper = PaperModel.open(arguments[0])) {
      double[] residual = new double[runs];
      double[] features = new double[runs];
      double[] whole = new double[runs];
      // The first of each is a warm-up.
      for (int i = -1; i < runs; i++) {
        double one = table(paper, StreamSplit.RESIDUAL_FEATURES);
        double other = table(paper, StreamSplit.FEATURES);
        double all = whole(paper);
        if (i >= 0) {
          residual[i] = one;
          features[i] = other;
          whole[i] = all;
        }
      }
      System.out.println(Median.of(residual) + " " + Median.of(features) + " " + Median.of(whole));
    }
  }

  private static double table(PaperModel paper, StreamSplit split) {
    try (Scope scope = Scope.open()) {
      CleanRun run = CleanRun.upTo(LAYER, paper.saes(), paper.batch().tokens());
      long start = System.nanoTime();
      QkSide side = QkSide.of(split);
      QkAttribution found = QkAttribution.of(run, LAYER, HEAD, 0, QUERY, KEY, side, side);
      double seconds = (System.nanoTime() - start) / 1e9;
      if (found.table().length < 10) {
        throw new IllegalStateException("a table of " + found.table().length + " rows");
      }
      return seconds;
    }
  }

  /** All features on both sides, {@code (f W_dec) W_Q} and {@code (g W_dec) W_K}. */
  private static double whole(PaperModel paper) {
    try (Scope scope = Scope.open()) {
      CleanRun run = CleanRun.upTo(LAYER, paper.saes(), paper.batch().tokens());
      long start = System.nanoTime();
      BlockWeights block = paper.model().weights().blocks().get(LAYER);
      Tensor query = side(paper, run, QUERY, block, true);
      Tensor key = side(paper, run, KEY, block, false);
      query.mul(key).sum().item();
      return (System.nanoTime() - start) / 1e9;
    }
  }

  private static Tensor side(
      PaperModel paper, CleanRun run, int position, BlockWeights block, boolean query) {
    Sae sae = paper.saes().residual(LAYER);
    Tensor vector = run.activations().get(Site.RESID_PRE, LAYER).select(0, 0).select(0, position);
    Tensor parts = sae.wDec().mul(sae.encode(vector).unsqueeze(1));
    int size = paper.model().config().dHead();
    Tensor weight = (query ? block.wQ() : block.wK()).slice(1, HEAD * size, (HEAD + 1) * size);
    return parts.matmul(weight);
  }
}
