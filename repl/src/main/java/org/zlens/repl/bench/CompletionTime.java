package org.zlens.repl.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.zlens.dsl.command.Completer;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.command.builtin.BuiltinCommands;
import org.zlens.dsl.command.engine.PromptActivity;
import org.zlens.dsl.command.engine.Slots;
import org.zlens.dsl.session.Interpreter;
import org.zlens.dsl.session.ResultListener;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.engine.io.ElementType;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.sae.InputNormalization;
import org.zlens.engine.sae.SaeConfig;
import org.zlens.engine.sae.SaeEncoder;
import org.zlens.engine.sae.SaeLensWriter;
import org.zlens.engine.sae.SaeSource;
import org.zlens.engine.sae.SaeWeights;
import org.zlens.engine.sae.WeightBasis;

/**
 * From Tab to candidates, at every place of some lines, with a model of 12 layers of 12 heads and
 * an attention and a residual SAE of 24,576 features for each. Model and SAEs are random and only
 * 48 wide: completion counts layers and features, it never multiplies.
 */
final class CompletionTime implements Benchmark {
  private static final double LIMIT = 50;
  private static final int FEATURES = 24_576;
  private static final int WIDTH = 48;
  private static final ModelConfig CONFIG = RandomModel.config(WIDTH, 128, 2048);
  private static final List<String> LINES =
      List.of(
          "ablate feature L11.F24 at S2",
          "ablate head L7.H3 at [S2, END]; dfa L9.F1 at END",
          "rdfa L10.F14709 depth 3",
          "let best = features L5 at S2 | where max > 0.1 | top 5 by max",
          "for x in [1, 2] { logits | sort by logit }",
          "capture L1.z L2.pattern",
          "set format table; save \"");

  @Override
  public String name() {
    return "completion";
  }

  @Override
  public Measurement measure() throws IOException {
    try (TemporaryFolder folder = TemporaryFolder.open();
        Session empty = session();
        Session full = session()) {
      write(folder.path());
      run(full, "model \"" + folder.resolve("model") + "\"");
      run(full, "sae \"" + folder.resolve("saes") + "\"");
      run(full, "prompt \"When Ann and Bob went to the store, Bob gave a drink to\"");
      run(full, "mark S2 = \" Bob\"#2");
      PromptActivity activity = new PromptActivity();
      full.put(Slots.ACTIVITY, activity);
      long start = System.nanoTime();
      activity.look(full, () -> {});
      double looking = (System.nanoTime() - start) / 1e9;
      percentile(full);
      percentile(empty);
      return new Measurement(
          name(),
          percentile(full),
          "ms",
          percentile(empty),
          LIMIT,
          String.format(
              Locale.ROOT,
              "95th percentile from Tab to candidates; of an empty session; the active features"
                  + " that it offers were looked for beside it in %.2f s",
              looking));
    }
  }

  private static Session session() {
    return new Session(new Registry(BuiltinCommands.all()), ResultListener.none());
  }

  private static void run(Session session, String line) {
    new Interpreter(session).run(new SourceText("bench", line));
  }

  private static double percentile(Session session) {
    int places = LINES.stream().mapToInt(line -> line.length() + 1).sum();
    double[] times = new double[places];
    int count = 0;
    for (String line : LINES) {
      for (int cursor = 0; cursor <= line.length(); cursor++) {
        long start = System.nanoTime();
        new Completer(session.registry(), session.forecast()).complete(line.substring(0, cursor));
        times[count++] = (System.nanoTime() - start) / 1e6;
      }
    }
    Arrays.sort(times);
    return times[(int) Math.ceil(0.95 * places) - 1];
  }

  private static void write(Path folder) throws IOException {
    RandomModel.write(CONFIG, folder.resolve("model"));
    for (int layer = 0; layer < CONFIG.layers(); layer++) {
      for (String site : List.of("attn.hook_z", "hook_resid_pre")) {
        String at = "blocks." + layer + "." + site;
        Path part = Files.createDirectories(folder.resolve("saes").resolve(at));
        SaeLensWriter.write(part, sae(at, layer, part), ElementType.F16);
      }
    }
  }

  private static SaeWeights sae(String site, int layer, Path folder) {
    SplittableRandom random = new SplittableRandom(layer);
    SaeConfig config =
        new SaeConfig(
            WIDTH,
            FEATURES,
            site,
            layer,
            true,
            InputNormalization.NONE,
            site.endsWith("hook_z"),
            "random",
            true,
            128,
            WeightBasis.PROCESSED,
            SaeSource.made(folder, Map.of()));
    return new SaeWeights(
        config,
        new SaeEncoder.Relu(),
        numbers(random, WIDTH * FEATURES),
        numbers(random, WIDTH * FEATURES),
        numbers(random, FEATURES),
        numbers(random, WIDTH),
        new float[0]);
  }

  private static float[] numbers(SplittableRandom random, int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) (random.nextDouble() - 0.5) / 5;
    }
    return numbers;
  }
}
