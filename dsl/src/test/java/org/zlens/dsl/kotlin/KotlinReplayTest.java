package org.zlens.dsl.kotlin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.dsl.session.Cells;
import org.zlens.engine.model.ModelLoader;

/** Kotlin in transcripts: it runs again, and what it shows and prints is compared. */
class KotlinReplayTest {
  @TempDir private Path folder;

  private Path transcript() {
    return folder.resolve("t.zl");
  }

  private void replays(String said) {
    try (Talk talk = new Talk()) {
      talk.command("replay \"" + transcript() + "\"");
      assertThat(Cells.tableOf(talk.values.get(0)).notes().get(0)).startsWith(said);
    }
  }

  private String moved() {
    try (Talk talk = new Talk()) {
      String failure = Talk.failure(() -> talk.command("replay \"" + transcript() + "\""));
      return failure + Cells.tableOf(talk.values.get(0)).table();
    }
  }

  @Test
  void linesOfKotlinAreRecordedAsStatements() throws IOException {
    try (Talk talk = new Talk()) {
      talk.command("record \"" + transcript() + "\"");
      talk.line("val third = 1.0 / 3");
      talk.line("for (i in 1..2) {\n  println(\"$i: ${third * i}\")\n}");
      talk.command("third * 3");
      talk.line("run(\"set | top 2\")");
      talk.line("third + 1");
      Talk.failure(() -> talk.line("nothing.at(all)"));
      talk.command("record off");
    }
    String text = Files.readString(transcript());
    assertThat(text)
        .contains("kotlin \"val third = 1.0 / 3\"\n#\n")
        .contains("\n#: [\"1: 0.3333333333333333\"]\n#: [\"2: 0.6666666666666666\"]\n")
        .contains("#! kotlin \"nothing.at(all)\"\n#! error: ");
    replays("5 statements compared, all ");
    Files.writeString(transcript(), text.replace("2: 0.6666666666666666", "2: 0.7666"));
    assertThat(moved()).contains("1 difference from what ").contains("0.7666");
  }

  @Test
  void scriptsInKotlinRunAgainAndAreNamedWhereTheyChange() throws IOException {
    Path script =
        Files.writeString(
            folder.resolve("s.zlens.kts"),
            "val n = args[\"n\"]!!.toInt()\nprintln(n / 3.0)\nshow(run(\"set | top $n\"))\n");
    try (Talk talk = new Talk()) {
      talk.command("record \"" + transcript() + "\"");
      talk.command("run \"" + script + "\" with n = 2");
    }
    replays("1 statement compared, all ");
    Files.writeString(script, Files.readString(script).replace("3.0", "4.0"));
    assertThat(moved()).contains("hint: the script '").contains("s.zlens.kts' is another: ");
  }

  /** A function stands in a transcript as the line that makes it, so that a replay makes it too. */
  @Test
  void functionsThatAreEditsRunAgain() throws IOException {
    assumeThat(ModelLoader.hasSprig()).isTrue();
    try (Talk talk = new Talk()) {
      talk.command("record \"" + transcript() + "\"");
      talk.command("model sprig; dataset ioi n 4 seed 1");
      talk.line("val factor = 0.5");
      talk.line("hook(L2.site(\"z\"), at = S2) { it.mul(factor) }");
      talk.command("hook L1.z at S2 becomes kotlin_1(x)");
      talk.command("record off");
    }
    String text = Files.readString(transcript());
    assertThat(text).contains("it.mul(factor)");
    replays("");
    Files.writeString(transcript(), text.replace("factor = 0.5", "factor = 0.25"));
    assertThat(moved()).contains(" differences from what ").contains("hooked");
  }

  @Test
  void aScriptCannotRecordItself() {
    try (Talk talk = new Talk()) {
      String line = "run(\"record \\\"" + transcript() + "\\\"\")";
      assertThat(Talk.failure(() -> talk.line(line))).contains("'record' stands alone");
    }
    assertThat(transcript()).doesNotExist();
  }
}
