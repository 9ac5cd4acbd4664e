package org.zlens.repl.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A program that measures in a process of its own and prints the numbers it found. */
final class Probe {
  private Probe() {}

  /** Runs a program's main to its end, as zlens itself is run. */
  static double[] numbers(Class<?> program, String... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Launch.java(),
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    // Models of random numbers are not for the user's cache.
    builder.environment().put("ZLENS_WEIGHT_CACHE", "");
    Process process = builder.start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    int exitCode = process.waitFor();
    if (exitCode != 0) {
      throw new IllegalStateException(program.getSimpleName() + " ended with " + exitCode);
    }
    return Arrays.stream(output.split(" ")).mapToDouble(Double::parseDouble).toArray();
  }
}
