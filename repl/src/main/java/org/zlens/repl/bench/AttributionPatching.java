package org.zlens.repl.bench;

import java.util.ArrayList;
import java.util.List;
import org.zlens.engine.attribute.GradientAttribution;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.intervene.Intervention;
import org.zlens.engine.intervene.Metric;
import org.zlens.engine.intervene.SiteEdit;
import org.zlens.engine.intervene.Where;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.model.Weights;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.train.InitialWeights;

/**
 * The effect of zeroing every site that holds a vector at every position of 100 prompts, estimated
 * from one backward pass through a model of the size of GPT-2 Small, against a forward pass.
 */
final class AttributionPatching implements Benchmark {
  private static final int PROMPTS = 100;
  private static final int POSITIONS = 15;
  private static final ModelConfig SMALL = RandomModel.config(768, 1024, 50257);

  @Override
  public String name() {
    return "attribution-patching";
  }

  @Override
  public Measurement measure() {
    try (Weights weights = InitialWeights.of(SMALL, 1);
        Scope scope = Scope.open()) {
      Transformer model = new Transformer(SMALL, weights);
      Batch batch = Batch.of(tokens());
      Metric metric = metric(batch);
      List<SiteEdit> sites = sites();
      double[] forward = new double[RUNS];
      double[] attribution = new double[RUNS];
      forward(model, batch);
      attribution(model, batch, metric, sites);
      for (int i = 0; i < RUNS; i++) {
        forward[i] = seconds(() -> forward(model, batch));
        attribution[i] = seconds(() -> attribution(model, batch, metric, sites));
      }
      double baseline = Median.of(forward);
      return new Measurement(
          name(),
          Median.of(attribution),
          "s",
          baseline,
          3 * baseline,
          "attribution patching over all "
              + sites.size()
              + " sites that hold vectors; a forward pass of the same prompts");
    }
  }

  private static List<SiteEdit> sites() {
    List<SiteEdit> sites = new ArrayList<>();
    for (Location location : SMALL.locations()) {
      boolean inBlock = location.layer() >= 0 && !location.site().onDemand();
      if (inBlock && location.site().vectorWidth(SMALL) > 0) {
        sites.add(SiteEdit.zero(location, Where.everywhere()));
      }
    }
    return sites;
  }

  private static double seconds(Runnable body) {
    long start = System.nanoTime();
    body.run();
    return (System.nanoTime() - start) / 1e9;
  }

  private static Tensor tokens() {
    long[] ids = new long[PROMPTS * POSITIONS];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = i * 7919L % SMALL.dVocab();
    }
    return Tensor.of(ids, PROMPTS, POSITIONS);
  }

  private static Metric metric(Batch batch) {
    long[] answers = new long[PROMPTS];
    long[] others = new long[PROMPTS];
    for (int prompt = 0; prompt < PROMPTS; prompt++) {
      answers[prompt] = 11L * prompt;
      others[prompt] = 11L * prompt + 5;
    }
    return new Metric.LogitDifference(batch.ends(), answers, others);
  }

  private static void forward(Transformer model, Batch batch) {
    try (Scope scope = Scope.open()) {
      model.forward(batch.tokens(), Hooks.none()).logits();
    }
  }

  private static void attribution(
      Transformer model, Batch batch, Metric metric, List<? extends Intervention> sites) {
    new GradientAttribution(model, batch, metric, 0, Progress.NONE).places(sites);
  }
}
