package org.zlens.repl.bench;

import java.io.IOException;

/**
 * Time from Enter to the answer of a Kotlin line at a prompt where Kotlin has been used, each line
 * another one, half of them of what lines before have declared.
 */
final class KotlinLine implements Benchmark {
  private static final double LIMIT = 0.3;
  private static final int WARM = 10;
  private static final int LINES = 20;

  @Override
  public String name() {
    return "kotlin-line";
  }

  @Override
  public Measurement measure() throws IOException {
    try (TerminalSession session = TerminalSession.open()) {
      double[] commands = new double[LINES];
      double[] lines = new double[LINES];
      for (int i = 0; i < WARM; i++) {
        kotlin(session, i);
      }
      for (int i = 0; i < LINES; i++) {
        lines[i] = kotlin(session, WARM + i);
        commands[i] = session.type("(" + i + " + 30000) * 3\r", Integer.toString(3 * (i + 30_000)));
      }
      return new Measurement(
          name(),
          Median.of(lines),
          "s",
          Median.of(commands),
          LIMIT,
          "median time of a Kotlin line at a warm prompt, from Enter to its answer; of a command's"
              + " line");
    }
  }

  /** The answer is a number that the line does not write. */
  private static double kotlin(TerminalSession session, int i) throws IOException {
    int answer = 10_000 + 7 * i;
    String before = i % 2 == 0 ? Integer.toString(answer) : "value" + (i - 1) + " + 7";
    String line = "val value" + i + " = " + (i % 2 == 0 ? answer - 1 + " + 1" : before);
    return session.type(line + "; println(\"= ${value" + i + "}\")\r", "= " + answer);
  }
}
