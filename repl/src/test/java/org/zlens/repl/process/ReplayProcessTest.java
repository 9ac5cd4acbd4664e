package org.zlens.repl.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.engine.Fixtures;
import org.zlens.repl.Main;

/** A study of files is recorded and replayed, each in a process of its own. */
class ReplayProcessTest {
  private static final String STUDY =
      """
      include "names.zl"
      model "tiny"
      sae "sae"
      prompt tokens [5, 17, 3, 9, 21, 30]
      let most = features L1 top depth
      logits top 5
      effect L1.F7 top 3
      corpus "text.txt"
      """;

  @TempDir private Path folder;

  private record Ended(int exitCode, String out, String err) {}

  @BeforeEach
  void copiesOfFixtures() throws IOException {
    copy(Fixtures.path("gpt2-tiny/hf"), folder.resolve("tiny"));
    copy(Fixtures.path("saes/saelens-v6/blocks.1.attn.hook_z"), folder.resolve("sae"));
    Files.writeString(folder.resolve("names.zl"), "let depth = 4\n");
    Files.writeString(folder.resolve("text.txt"), "one text\n\nanother text\n");
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectory(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName().toString()));
      }
    }
  }

  private ProcessBuilder program(Class<?> main, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dai.djl.offline=true",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).directory(folder.toFile());
  }

  private Ended run(String... arguments) throws IOException, InterruptedException {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process =
        program(Main.class, arguments)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    process.getOutputStream().close();
    int exitCode = process.waitFor();
    return new Ended(exitCode, Files.readString(out), Files.readString(err));
  }

  private Ended replay() throws IOException, InterruptedException {
    return run("--format", "csv", "replay", "t.zl");
  }

  /** Makes one number of a tensor in a file larger by one; the file stays a valid one. */
  private static void moveOneWeight(Path file, String tensor) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int headerEnd = Long.BYTES + Math.toIntExact(bytes.getLong(0));
    String header =
        new String(bytes.array(), Long.BYTES, headerEnd - Long.BYTES, StandardCharsets.UTF_8);
    Matcher place =
        Pattern.compile("\"" + Pattern.quote(tensor) + "\":\\{[^}]*\"data_offsets\":\\[([0-9]+),")
            .matcher(header.replace(" ", ""));
    assertThat(place.find()).as("%s in %s", tensor, header).isTrue();
    int at = headerEnd + Integer.parseInt(place.group(1));
    Files.write(file, bytes.putFloat(at, bytes.getFloat(at) + 1).array());
  }

  @Test
  void aFileThatChangedIsNamedAsTheCauseOfEveryNumberThatMoved()
      throws IOException, InterruptedException {
    Ended recorded = run("-c", "record \"t.zl\"\n" + STUDY);
    assertThat(recorded.exitCode()).as(recorded.err()).isZero();
    Ended same = run("replay", "t.zl");
    assertThat(same.exitCode()).as(same.out()).isZero();
    assertThat(same.out()).contains("8 statements compared, all ").doesNotContain("another");

    moved(
        folder.resolve("sae/sae_weights.safetensors"),
        "b_dec",
        "sae at L1.z 'sae' is another: ",
        "let most");
    moved(
        folder.resolve("tiny/model.safetensors"),
        "transformer.h.0.attn.c_proj.bias",
        "model 'tiny' is another: ",
        "logits top 5");

    Files.writeString(folder.resolve("names.zl"), "let depth = 3\n");
    Ended names = replay();
    assertThat(names.exitCode()).isEqualTo(1);
    assertThat(names.out()).contains("include \"\"names.zl\"\"").contains("row,");
    assertThat(names.err()).contains("hint: the script 'names.zl' is another: ");
    Files.writeString(folder.resolve("names.zl"), "let depth = 4\n");

    Files.writeString(folder.resolve("text.txt"), "one text\n\nanother test!\n");
    Ended text = replay();
    assertThat(text.exitCode()).isEqualTo(1);
    assertThat(text.err()).contains("hint: the corpus 'text.txt' is another: ");
  }

  /** Replays with one weight moved, and again with the file as it was. */
  private void moved(Path file, String tensor, String cause, String statement)
      throws IOException, InterruptedException {
    byte[] before = Files.readAllBytes(file);
    moveOneWeight(file, tensor);
    Ended moved = replay();
    assertThat(moved.exitCode()).as(moved.err()).isEqualTo(1);
    assertThat(moved.out()).contains(statement);
    assertThat(moved.err()).contains("hint: the " + cause);
    Files.write(file, before);
  }

  /** Whatever is killed without warning leaves what had ended before, and that runs. */
  @Test
  void whatEndedBeforeTheProgramWasKilledIsATranscript() throws IOException, InterruptedException {
    Path transcript = folder.resolve("t.zl");
    String script = "record \"t.zl\"\nlet a = 1 / 3\nset seed\n[a, 2]\nslow\n5\n";
    Process process =
        program(SlowProgram.class, "-c", script)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    long end = System.nanoTime() + 120_000_000_000L;
    while (!Files.exists(transcript) || !Files.readString(transcript).contains("[a, 2]\n#= ")) {
      assertThat(System.nanoTime()).isLessThan(end);
      assertThat(process.isAlive()).isTrue();
      Thread.sleep(50);
    }
    process.destroyForcibly().waitFor();
    assertThat(Files.readString(transcript)).endsWith("\n#\n").doesNotContain("slow");
    Ended replayed = run("replay", "t.zl");
    assertThat(replayed.exitCode()).as(replayed.out()).isZero();
    assertThat(replayed.out()).contains("3 statements compared, all ");
    assertThat(run("run", "t.zl").exitCode()).isZero();
  }
}
