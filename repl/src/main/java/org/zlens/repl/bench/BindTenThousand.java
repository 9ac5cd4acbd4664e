package org.zlens.repl.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Time until a script of ten thousand lines is checked, in a JVM that has just started. */
final class BindTenThousand implements Benchmark {
  private static final double LIMIT = 1;
  private static final int LINES = 10_000;
  private static final String[] NAMES = {"Ann", "Bob", "Kate", "Frank", "Tom", "Mary", "Paul"};
  private static final String[] COLUMNS = {"token", "logit", "probability", "rank"};

  @Override
  public String name() {
    return "bind-10k";
  }

  @Override
  public Measurement measure() throws IOException, InterruptedException {
    Path script = Files.createTempFile("zlens-bench", ".zl");
    try {
      Files.writeString(script, script());
      double[] bound = new double[RUNS];
      double[] parsed = new double[RUNS];
      BindProbe.launch(script);
      for (int i = 0; i < RUNS; i++) {
        BindProbe.Times times = BindProbe.launch(script);
        bound[i] = times.bound();
        parsed[i] = times.parsed();
      }
      return new Measurement(
          name(),
          Median.of(bound),
          "s",
          Median.of(parsed),
          LIMIT,
          "time of parsing and checking 10,000 lines in a fresh JVM; of parsing them");
    } finally {
      Files.delete(script);
    }
  }

  /** A study of many prompts, as a program might write one: no two blocks are the same. */
  static String script() {
    StringBuilder out = new StringBuilder("model sprig\nset seed 3\n");
    int lines = 2;
    for (int i = 0; lines < LINES; i++) {
      String block = block(i);
      out.append(block);
      lines += block.chars().filter(c -> c == '\n').count();
    }
    return out.toString();
  }

  private static String block(int i) {
    String a = NAMES[i % NAMES.length];
    String b = NAMES[(i / 3 + i + 1) % NAMES.length].equals(a) ? "Sam" : NAMES[(i / 3 + i + 1) % 7];
    int layer = i % 4;
    int head = i % 8;
    String column = COLUMNS[i % COLUMNS.length];
    return """
        # study %1$d: %2$s and %3$s
        prompt "When %2$s and %3$s went to the store, %3$s gave a drink to" answer " %2$s" over " %3$s"
        mark S2 = " %3$s"#2; mark P%1$d = " %2$s"#1

        let base%1$d = logits top %5$d
        let half%1$d = (%1$d + 1) / 2 - max([%4$d, %5$d, 3])
        base%1$d | where %6$s != "%2$s" and not (%1$d < 3) | sort by %6$s | top %5$d by %6$s
        ablate head L%4$d.H%5$d at [S2, P%1$d, END-1]
        let effect%1$d = ablate head L%4$d.H%5$d L3.H%5$d at S2+1
        capture L%4$d.z L%4$d.pattern L3.resid_post
        pattern L%4$d.H%5$d
        tokens f"When {base%1$d.%6$s} of %1$d"
        for n in 1..%7$d {
          let twice%1$d = n * 2 + half%1$d
          logits top n | select token logit | show
          heads L3.F1%5$d top 3
        }
        expect count(base%1$d) >= 1 and half%1$d <= %1$d or twice%1$d = 2
        select token logit
        $base%1$d | plot bar x token y logit title f"prompt {half%1$d:.1f} of %1$d" file "prompt-%1$d.html"
        """
        .formatted(i, a, b, layer, head + 1 > 7 ? 7 : head + 1, column, i % 5 + 2);
  }
}
