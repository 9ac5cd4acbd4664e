package org.zlens.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Commands without end in one process: what each makes, its scope frees. The process is one of its
 * own, with a heap of fixed size and the first compiler alone, so that neither the JVM's growing
 * heap nor its compilers' arenas stand in the measurement.
 */
class SoakTest {
  private static final int COMMANDS = 500;

  @Test
  void fiveHundredCommandsDoNotGrowTheProcess() throws IOException, InterruptedException {
    ResidentMemory.bytes();
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms128m",
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dai.djl.pytorch.num_threads=1",
                "-cp",
                System.getProperty("java.class.path"),
                SoakCommands.class.getName(),
                Integer.toString(COMMANDS))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).as(output).isZero();
    List<Long> resident = output.lines().map(Long::valueOf).toList();
    double growth = (double) resident.get(1) / resident.get(0) - 1;
    assertThat(growth)
        .as("growth of resident memory from %s in %d commands", resident, COMMANDS)
        .isLessThanOrEqualTo(0.05);
  }
}
