package org.zlens.repl.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Time that a Kotlin script of twenty lines which has run before takes beyond the same commands in
 * the command language, from nothing.
 */
final class KotlinScript implements Benchmark {
  private static final double LIMIT = 1;
  private static final String COMMANDS =
      """
      model sprig
      prompt "When Ann and Bob went to the store, Bob gave a drink to" answer " Ann" over " Bob"
      logits top 5
      features L2 at END
      """;
  private static final String KOTLIN =
      """
      model("sprig")
      prompt("When Ann and Bob went to the store, Bob gave a drink to", answer = " Ann", over = " Bob")
      val likely = logits(top = 5)
      val tokens = likely.stringColumn("token").asList()
      val best = likely.doubleColumn("logit").max()
      val counts = mutableMapOf<Char, Int>()
      for (token in tokens) {
        for (letter in token) {
          counts.merge(letter, 1, Int::plus)
        }
      }
      val letters = counts.entries.sortedByDescending { it.value }.take(3)
      show(likely)
      val active = features(L2, END)
      val strong = active.stringColumn("feature").asList().take(3)
      for ((letter, count) in letters) {
        println("$letter stands $count times")
      }
      println("%.3f is the highest logit".format(best))
      show(active)
      println("strongest: " + strong.joinToString())
      """;

  @Override
  public String name() {
    return "kotlin-script";
  }

  @Override
  public Measurement measure() throws IOException, InterruptedException {
    try (TemporaryFolder folder = TemporaryFolder.open()) {
      final Path commands = folder.resolve("study.zl");
      final Path kotlin = folder.resolve("study.zlens.kts");
      Files.writeString(commands, COMMANDS);
      Files.writeString(kotlin, KOTLIN);
      double[] beyond = new double[RUNS];
      double[] base = new double[RUNS];
      run(kotlin);
      run(commands);
      for (int i = 0; i < RUNS; i++) {
        base[i] = run(commands);
        beyond[i] = run(kotlin) - base[i];
      }
      return new Measurement(
          name(),
          Median.of(beyond),
          "s",
          Median.of(base),
          LIMIT,
          "time of a Kotlin script of 20 lines that has run before, beyond the same commands as"
              + " commands; of these");
    }
  }

  private static double run(Path script) throws IOException, InterruptedException {
    return Launch.of(Launch.launcher(), "run", script.toString()).wall();
  }
}
