package org.zlens.repl.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.zlens.engine.runtime.ResidentMemory;

/**
 * A long session does not grow. It runs in a process of its own, with a heap of fixed size and the
 * first compiler alone, so that neither a growing heap nor the compilers' arenas stand in the
 * measurement.
 */
class SoakTest {
  private static final int COMMANDS = 500;

  @Test
  void fiveHundredCommandsOfOneSessionDoNotGrowTheProcess()
      throws IOException, InterruptedException {
    ResidentMemory.bytes();
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms192m",
                "-Xmx192m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dai.djl.pytorch.num_threads=1",
                "-cp",
                System.getProperty("java.class.path"),
                SoakSession.class.getName(),
                Integer.toString(COMMANDS))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    List<Long> numbers =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .map(Long::valueOf)
            .toList();
    assertThat(process.waitFor()).isZero();
    double growth = (double) numbers.get(1) / numbers.get(0) - 1;
    assertThat(growth)
        .as("growth of resident memory from %s in %d commands", numbers, COMMANDS)
        .isLessThanOrEqualTo(0.05);
    assertThat(numbers.get(2))
        .as("failures among the first 120 commands: the four that must fail, five times")
        .isEqualTo(20);
  }
}
