package org.zlens.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.engine.hook.Location;
import org.zlens.engine.io.EmbeddedFolder;
import org.zlens.engine.model.ModelLoader;

/**
 * A training killed by SIGKILL at random moments, or out of disk, and resumed ends with the bits of
 * one that was left alone. {@code -Dzlens.kills=20} kills it as often as that.
 */
class KilledTrainingTest {
  private static final int KILLS = Integer.getInteger("zlens.kills", 5);

  @TempDir private Path directory;

  @BeforeAll
  static void requireSprig() {
    Assumptions.assumeTrue(ModelLoader.hasSprig(), "this build has no embedded model");
    Assumptions.assumeTrue(
        System.getProperty("os.name").contains("Linux"), "kills and limits are those of Linux");
  }

  /** A training in a process, which waits after every step until it is let go on. */
  private record Training(Process process, BufferedReader out, OutputStream in) {
    static Training start(Path folder, Path model, String limit) throws IOException {
      List<String> command = new ArrayList<>(List.of("sh", "-c", limit + "exec \"$0\" \"$@\""));
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(
          List.of(
              "-Xmx256m",
              "-XX:+UseSerialGC",
              "-XX:TieredStopAtLevel=1",
              "-XX:-UsePerfData",
              "-Dai.djl.offline=true",
              "-Dai.djl.pytorch.num_threads=1",
              "-cp",
              System.getProperty("java.class.path"),
              TrainingProcess.class.getName(),
              folder.toString(),
              model.toString()));
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      return new Training(
          process,
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)),
          process.getOutputStream());
    }

    /** The next line that it prints, or null when it has ended. */
    String line() throws IOException {
      return out.readLine();
    }

    void goOn() throws IOException {
      in.write('\n');
      in.flush();
    }

    /** Lets it run to its end; returns the last line that it printed. */
    String finish() throws IOException, InterruptedException {
      String last = "";
      for (String line = line(); line != null; line = line()) {
        last = line;
        if (line.startsWith("step")) {
          goOn();
        }
      }
      assertThat(process.waitFor()).as("exit code").isZero();
      return last;
    }

    void kill() throws InterruptedException {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void endsWithTheSameBits() throws IOException, InterruptedException {
    // Unpacked here, since the process without room could not unpack it.
    try (EmbeddedFolder model =
        EmbeddedFolder.open(
            "/org/zlens/engine/sprig", "config.json", "model.safetensors", "tokenizer.json")) {
      endsWithTheSameBits(model.path());
    }
  }

  private void endsWithTheSameBits(Path model) throws IOException, InterruptedException {
    Path whole = directory.resolve("whole");
    assertThat(Training.start(whole, model, "").finish())
        .isEqualTo("step " + TrainingProcess.STEPS);
    Path killed = directory.resolve("killed");
    Random random = new Random(11);
    for (int kill = 0; kill < KILLS; kill++) {
      Training training = Training.start(killed, model, "");
      int steps = 1 + random.nextInt(Math.max(1, (TrainingProcess.STEPS - 1) / KILLS - 1));
      for (int i = 0; i < steps; i++) {
        assertThat(training.line()).startsWith("step ");
        training.goOn();
      }
      // Somewhere in the next step or in its checkpoint; where exactly does not matter.
      LockSupport.parkNanos(random.nextInt(20_000_000));
      training.kill();
      if (kill == KILLS / 2) {
        outOfDisk(killed, model);
      }
    }
    assertThat(Training.start(killed, model, "").finish())
        .isEqualTo("step " + TrainingProcess.STEPS);
    for (Location at : TrainingProcess.sites()) {
      Path file = Path.of(at.canonical(), "sae_weights.safetensors");
      assertThat(killed.resolve(file)).hasSameBinaryContentAs(whole.resolve(file));
    }
    try (Stream<Path> left = Files.list(killed)) {
      assertThat(left.filter(Files::isRegularFile).map(Path::getFileName).map(Path::toString))
          .containsExactlyInAnyOrder("training.html", "training.json");
    }
  }

  /** A checkpoint that the disk has no room for is an error, and the one before stays. */
  private static void outOfDisk(Path folder, Path model) throws IOException, InterruptedException {
    Path checkpoint = SaeJob.checkpoint(folder);
    byte[] before = Files.readAllBytes(checkpoint);
    // The system refuses every byte of a file beyond 16 blocks, as a full disk would.
    String last = Training.start(folder, model, "ulimit -f 16; ").finish();
    assertThat(last).startsWith("error '").contains("cannot be written");
    assertThat(checkpoint).hasBinaryContent(before);
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.filter(file -> !file.getFileName().toString().startsWith("training.")))
          .containsExactly(checkpoint);
    }
  }
}
