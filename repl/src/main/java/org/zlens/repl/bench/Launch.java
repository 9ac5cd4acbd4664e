package org.zlens.repl.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One launch of a program, from outside, as a user pays for it.
 *
 * @param cpu seconds that the process and its children computed
 * @param wall seconds until it ended
 */
record Launch(double cpu, double wall) {
  /** The shell's line about its children: minutes and seconds, of user and of system. */
  private static final Pattern TIMES =
      Pattern.compile("(\\d+)m([\\d.]+)s\\s+(\\d+)m([\\d.]+)s\\s*$");

  /** The launcher of this checkout. */
  static String launcher() {
    return Path.of(System.getProperty("zlens.home", "")).resolve("bin/zlens").toString();
  }

  /** Runs a program to its end; one that fails cannot be measured. */
  static Launch of(String... command) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("sh", "-c", "\"$0\" \"$@\" && times"));
    all.addAll(List.of(command));
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(all).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    process.getOutputStream().close();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    int exitCode = process.waitFor();
    double wall = (System.nanoTime() - start) / 1e9;
    Matcher matcher = TIMES.matcher(output);
    if (exitCode != 0 || !matcher.find()) {
      throw new IllegalStateException(String.join(" ", command) + " ended with " + exitCode);
    }
    return new Launch(
        60 * number(matcher, 1) + number(matcher, 2) + 60 * number(matcher, 3) + number(matcher, 4),
        wall);
  }

  private static double number(Matcher matcher, int group) {
    return Double.parseDouble(matcher.group(group));
  }

  /** A JVM that does nothing. */
  static Launch ofNothing() throws IOException, InterruptedException {
    return of(java(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--version");
  }

  /** The Java that runs this. */
  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }
}
