package org.zlens.repl.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.zlens.engine.dashboard.DashboardPass;
import org.zlens.engine.dashboard.FeatureCards;
import org.zlens.engine.dashboard.FeatureStatistics;
import org.zlens.engine.dashboard.PassRecord;
import org.zlens.engine.dashboard.RowTexts;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.measure.TextBatches;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.model.Weights;
import org.zlens.engine.report.DashboardLinks;
import org.zlens.engine.report.PageQueue;
import org.zlens.engine.runtime.DType;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;
import org.zlens.engine.sae.SaeEncoder;
import org.zlens.engine.train.InitialWeights;

/**
 * The dashboards of all 24,576 features of layer 5 over 100,000 tokens, in a model of the size of
 * GPT-2 Small: statistics, cards and pages; against the passes up to that layer and one encoding of
 * the same text.
 */
final class DashboardsLayer implements Benchmark {
  private static final int LAYER = 5;
  private static final int WIDTH = 24_576;
  private static final int LENGTH = 128;
  private static final int ROWS = 32;
  private static final int BATCHES = 25;

  /** Batches whose passes are timed for the baseline, among the others. */
  private static final int TIMED = 5;

  /** Deviations of a pre-activation that it must exceed, so that about fifty features do. */
  private static final double DEVIATIONS = 2.9;

  private static final ModelConfig SMALL = RandomModel.config(768, 1024, 50257);

  @Override
  public String name() {
    return "dashboards-layer";
  }

  @Override
  public Measurement measure() throws IOException {
    try (Weights weights = InitialWeights.of(SMALL, 1);
        Scope scope = Scope.open();
        TemporaryFolder folder = TemporaryFolder.open()) {
      Transformer model = new Transformer(SMALL, weights);
      List<Batch> text = text();
      try (Sae sae = sae(model, text.get(0))) {
        baseline(model, sae, text.subList(0, 1));
        double before = baseline(model, sae, text.subList(0, TIMED));
        long start = System.nanoTime();
        dashboards(model, sae, TextBatches.of(text), folder.path());
        double all = (System.nanoTime() - start) / 1e9;
        double after = baseline(model, sae, text.subList(TIMED, 2 * TIMED));
        double baseline = (before + after) / (2 * TIMED) * BATCHES;
        return new Measurement(
            name(),
            all,
            "s",
            baseline,
            1.5 * baseline,
            "24,576 dashboards over 102,400 tokens, from the text to the pages; passes to layer 5"
                + " and one encoding of the same text");
      }
    }
  }

  private static List<Batch> text() {
    SplittableRandom random = new SplittableRandom(3);
    List<Batch> text = new ArrayList<>();
    for (int i = 0; i < BATCHES; i++) {
      long[] ids = random.longs(ROWS * LENGTH, 0, SMALL.dVocab()).toArray();
      text.add(Batch.of(Tensor.of(ids, ROWS, LENGTH)));
    }
    return text;
  }

  /** Random directions and thresholds that leave about one feature in 500 active. */
  private static Sae sae(Transformer model, Batch batch) {
    double size;
    try (Scope scope = Scope.open()) {
      Location at = Location.of(Site.Z, LAYER);
      Tensor values =
          model.forward(batch.tokens(), Hooks.none().capture(at).withoutLogits()).get(at);
      size = values.reshape(ROWS * LENGTH, -1).norm(-1).mean().item();
    }
    double root = Math.sqrt(12.0 / SMALL.dModel());
    return new Sae(
        Location.of(Site.Z, LAYER),
        new SaeEncoder.Relu(),
        true,
        uniform(1, root, SMALL.dModel(), WIDTH),
        Tensor.full(-DEVIATIONS * size / Math.sqrt(SMALL.dModel()), WIDTH),
        uniform(2, root, WIDTH, SMALL.dModel()),
        Tensor.zeros(SMALL.dModel()));
  }

  private static Tensor uniform(long seed, double range, int rows, int columns) {
    SplittableRandom random = new SplittableRandom(seed);
    Tensor tensor = Tensor.empty(DType.FLOAT32, rows, columns);
    tensor.write(
        values -> {
          while (values.hasRemaining()) {
            values.putFloat((float) ((random.nextDouble() - 0.5) * range));
          }
        });
    return tensor;
  }

  private static double baseline(Transformer model, Sae sae, List<Batch> text) {
    long start = System.nanoTime();
    for (Batch batch : text) {
      try (Scope scope = Scope.open()) {
        Hooks hooks = Hooks.none().capture(sae.location()).withoutLogits();
        Tensor values = sae.flatten(model.forward(batch.tokens(), hooks).get(sae.location()));
        for (int row = 0; row < ROWS; row += 4) {
          try (Scope part = Scope.open()) {
            sae.encode(values.slice(0, row, row + 4));
          }
        }
      }
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private static void dashboards(Transformer model, Sae sae, TextBatches text, Path folder) {
    DashboardPass pass =
        new DashboardPass(model, List.of(sae), 0, OptionalInt.empty(), Optional.empty());
    FeatureStatistics statistics = pass.run(text, PassRecord.NONE, Progress.NONE).get(0);
    int[] all = IntStream.range(0, WIDTH).toArray();
    RowTexts rows = new RowTexts(text, statistics.rows(all), Progress.NONE);
    try (PageQueue pages = new PageQueue(links(sae), id -> " " + id, rows::row)) {
      new FeatureCards(model, sae, statistics)
          .forEach(
              all,
              Progress.NONE,
              card ->
                  pages.write(
                      folder.resolve(card.address() + ".html"),
                      card.address(),
                      List.of(),
                      List.of(card),
                      List.of("dashboards-layer")));
    }
  }

  private static DashboardLinks links(Sae sae) {
    return new DashboardLinks() {
      @Override
      public String address(int feature) {
        return sae.address(feature);
      }

      @Override
      public String file(int feature) {
        return address(feature) + ".html";
      }

      @Override
      public String publicPage(int feature) {
        return "";
      }

      @Override
      public String proxy() {
        return "";
      }
    };
  }
}
