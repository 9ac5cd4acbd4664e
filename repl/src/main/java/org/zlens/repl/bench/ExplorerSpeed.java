package org.zlens.repl.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * From a click on the page of a session to all that came of it there: features opened, split by
 * source and followed one level upstream, on the embedded model and on one of the size of GPT-2
 * Small with SAEs of 24,576 features. And how long a frame takes while a node of 300 is dragged.
 */
final class ExplorerSpeed implements Benchmark {
  private static final int FEATURES = 6;
  private static final String PROMPT =
      "prompt \"When Ann and Bob went to the store, Bob gave a drink to\"";

  @Override
  public String name() {
    return "explorer";
  }

  @Override
  public Measurement measure() throws IOException, InterruptedException {
    return measureAll().get(0);
  }

  @Override
  public List<Measurement> measureAll() throws IOException, InterruptedException {
    List<Measurement> all = new ArrayList<>();
    try (PageClient page = new PageClient()) {
      page.click("model sprig");
      page.click(PROMPT);
      all.addAll(clicks(page, "explorer", "sprig", 3, 0.3));
    }
    try (TemporaryFolder saes = TemporaryFolder.open();
        TemporaryFolder model = TemporaryFolder.open()) {
      PaperModel.write(saes);
      RandomModel.write(AttributionProbe.SMALL, model.path());
      try (PageClient page = new PageClient()) {
        page.click("model \"" + model.path() + "\" processing none");
        page.click("sae \"" + saes.path() + "\"");
        page.click(PROMPT);
        all.addAll(clicks(page, "explorer-gpt2", "a model of GPT-2 Small's size", 11, 1.5));
      }
    }
    all.add(FrameRate.measure());
    return all;
  }

  private static List<Measurement> clicks(
      PageClient page, String name, String model, int layer, double limit)
      throws IOException, InterruptedException {
    page.click("features L" + layer + " at END top " + FEATURES);
    List<String> features = new ArrayList<>();
    page.value().path("rows").forEach((JsonNode row) -> features.add(row.path("feature").asText()));
    double[] splits = new double[features.size()];
    double[] trees = new double[features.size()];
    double[] nothing = new double[features.size()];
    for (int i = 0; i < features.size(); i++) {
      splits[i] = page.click("dfa " + features.get(i) + " at END by source");
      trees[i] = page.click("rdfa " + features.get(i) + " at END depth 1 width 5");
      nothing[i] = page.click("" + i);
    }
    // What is read from files and compiled at the first click is not what a click takes.
    double split = Median.of(Arrays.copyOfRange(splits, 1, splits.length));
    double tree = Median.of(Arrays.copyOfRange(trees, 1, trees.length));
    double baseline = Median.of(nothing);
    String behind =
        " on " + model + ", from the click to the answer on the page; a click on a number";
    return List.of(
        new Measurement(
            name + "-dfa", split, "s", baseline, limit, "a feature split by source" + behind),
        new Measurement(
            name + "-rdfa", tree, "s", baseline, limit, "a feature followed one level" + behind));
  }
}
