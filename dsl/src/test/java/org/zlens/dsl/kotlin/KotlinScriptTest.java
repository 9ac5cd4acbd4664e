package org.zlens.dsl.kotlin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.dsl.session.TableValue;

/** Kotlin scripts: what they see, how their errors look, and how they are kept. */
class KotlinScriptTest {
  private final Talk talk = new Talk();

  @AfterEach
  void close() {
    talk.close();
  }

  @Test
  void aScriptUsesVerbsAsTypedFunctions() {
    talk.script(
        "typed.zlens.kts",
        """
        model("sprig")
        dataset("ioi", n = 4, seed = 1)
        val strongest = feature(features(L2, S2, top = 1).stringColumn("feature")[0])
        val whole = ablate(strongest, S2).doubleColumn("delta")[0]
        val same = run("ablate feature ${strongest} at S2") as TableValue
        check(same.table().doubleColumn("delta")[0] == whole)
        check(dfa(strongest, S2, by = "head").rowCount() > 1)
        val tree = rdfa(strongest, at = S2, depth = 1)
        println(tree.root().label())
        println(args["n"]!!.toInt() + 1)
        show(features(L2, S2).top(2, by = "mean"))
        """,
        "n=7");

    assertThat(talk.printed.toString()).startsWith("L2.F").endsWith("\n8\n");
    assertThat(talk.values).hasSize(1);
    assertThat(((TableValue) talk.values.get(0)).table().rowCount()).isEqualTo(2);
  }

  @Test
  void aFunctionIsAnEditAndIsHeldToWhatEditsAre() {
    talk.script(
        "hook.zlens.kts",
        """
        import org.zlens.engine.runtime.Tensor

        model("sprig")
        dataset("ioi", n = 4, seed = 1)
        val half = hook(L2.site("z"), at = S2, by = "none") { it.mul(0.5) }
        val same = run("hook L2.z at S2 { x * 0.5 } by none") as TableValue
        val byFunction = half.doubleColumn("delta")[0]
        val byFormula = same.table().doubleColumn("delta")[0]
        println(Math.abs(byFunction - byFormula) < 1e-5 && Math.abs(byFormula) > 1e-4)
        for (wrong in listOf<(Tensor) -> Tensor>({ it }, { it.select(0, 0) }, { it.div(it.sub(it)) })) {
          try {
            hook(L2.site("z"), at = S2, change = wrong)
            println("accepted")
          } catch (e: Exception) {
            println(e.message)
          }
        }
        """);

    assertThat(talk.printed.toString())
        .startsWith("true\n")
        .doesNotContain("accepted")
        .contains("changed nothing")
        .contains("gave values of shape [8, 16] where [4, 8, 16] is expected")
        .contains("values that are not finite");
  }

  @Test
  void anErrorOfTheCompilerPointsIntoTheScript() {
    String error =
        Talk.failure(
            () ->
                talk.script(
                    "wrong.zlens.kts", "val n = 3\nablate(L5[\"x\"], S2)\nval m: Int = nowhere\n"));

    assertThat(error)
        .isEqualTo(
            """
            error: argument type mismatch: actual type is 'String', but 'Int' was expected
              --> wrong.zlens.kts:2:11
               2 | ablate(L5["x"], S2)
                 |           ^^^
              hint: there is another error in line 3
            """);
  }

  @Test
  void aValueThatDoesNotFitIsMarkedAndNotTheSignBeforeIt() {
    String error =
        Talk.failure(() -> talk.script("fits.zlens.kts", "val whole: Int =  \"text\"  \n"));

    assertThat(error)
        .isEqualTo(
            """
            error: initializer type mismatch: expected 'Int', actual 'String'
              --> fits.zlens.kts:1:19
               1 | val whole: Int =  "text"
                 |                   ^^^^^^
            """);
  }

  @Test
  void anErrorWhileItRunsNamesTheLinesOnTheWay() {
    String error =
        Talk.failure(
            () ->
                talk.script(
                    "thrown.zlens.kts",
                    "fun half(n: Int): Int {\n  require(n % 2 == 0) { \"odd\" }\n"
                        + "  return n / 2\n}\n\n  half(3)\n"));

    assertThat(error)
        .isEqualTo(
            """
            error: the script threw IllegalArgumentException: odd
              --> thrown.zlens.kts:2:3
               2 |   require(n % 2 == 0) { "odd" }
                 |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
              hint: called from line 6
            """);
  }

  @Test
  void anErrorOfACommandShowsTheScriptAndTheCommand() {
    String error =
        Talk.failure(
            () -> talk.script("deep.zlens.kts", "model(\"sprig\")\n\nval x = effect(L9[3])\n"));

    assertThat(error)
        .isEqualTo(
            """
            error: no layer 9 in sprig (it has 4)
              --> deep.zlens.kts:3:1
               3 | val x = effect(L9[3])
                 | ^^^^^^^^^^^^^^^^^^^^^
              --> command:1:8
               1 | effect L9.F3
                 |        ^^^^^
              hint: layers run from L0 to L3
            """);
  }

  @Test
  void aCommandWrittenOutIsCheckedBeforeTheScriptRuns() {
    String error =
        Talk.failure(
            () ->
                talk.script(
                    "early.zlens.kts",
                    "println(\"ran\")\nval t = run(\"ablat feature L2.F3 at S2\")\n"));

    assertThat(error)
        .isEqualTo(
            """
            error: no verb 'ablat'
              --> early.zlens.kts:2:14
               2 | val t = run("ablat feature L2.F3 at S2")
                 |              ^^^^^
              hint: did you mean 'ablate'?
            """);
    assertThat(talk.printed).isEmpty();
  }

  @Test
  void aCommandWrittenOutThatFailsLaterIsShownInItsPlace() {
    String error =
        Talk.failure(
            () ->
                talk.script(
                    "late.zlens.kts", "model(\"sprig\")\nval t = run(\"effect \\u004c9.F3\")\n"));

    assertThat(error)
        .isEqualTo(
            """
            error: no layer 9 in sprig (it has 4)
              --> late.zlens.kts:2:21
               2 | val t = run("effect \\u004c9.F3")
                 |                     ^^^^^^^^^^
              hint: layers run from L0 to L3
            """);
  }

  @Test
  void commandsThatMayBeRightAreLeftAlone() {
    talk.script(
        "open.zlens.kts",
        """
        val never = false
        if (never) {
          run("ablate feature best.feature at S2 each")
          run("top n by abs(delta)")
          run("$" + "x")
        }
        """);
  }

  @Test
  void aScriptIsKeptAndBrokenOrForeignFilesAreMadeAnew(@TempDir Path folder) throws IOException {
    String text = "println(listOf(1, 2, 3).sum())\n";
    for (int i = 0; i < 2; i++) {
      talk.script(folder, "kept.zlens.kts", text);
    }
    List<Path> kept = files(folder);
    assertThat(kept).hasSize(1);
    byte[] whole = Files.readAllBytes(kept.get(0));
    for (byte[] broken : List.of(new byte[0], "nonsense".getBytes(), cut(whole), flipped(whole))) {
      Files.write(kept.get(0), broken);
      talk.script(folder, "kept.zlens.kts", text);
      assertThat(Files.readAllBytes(kept.get(0))).isEqualTo(whole);
    }
    talk.script(folder, "other.zlens.kts", text);
    assertThat(files(folder)).hasSize(2);
    assertThat(talk.printed.toString()).isEqualTo("6\n".repeat(7));
  }

  private static byte[] cut(byte[] bytes) {
    return Arrays.copyOf(bytes, bytes.length / 2);
  }

  private static byte[] flipped(byte[] bytes) {
    byte[] copy = bytes.clone();
    copy[copy.length - 5] ^= 1;
    return copy;
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aLoopWithoutCommandsEndsAtARequestToStop() {
    talk.stopAtPrint = true;

    String error =
        Talk.failure(
            () ->
                talk.script(
                    "endless.zlens.kts",
                    "println(\"go\")\nvar i = 0L\nwhile (true) {\n  i++\n}\n"));

    assertThat(error).startsWith("error: interrupted");
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aScriptThatSleepsWakesAtARequestToStop() {
    talk.stopAtPrint = true;

    String error =
        Talk.failure(
            () -> talk.script("asleep.zlens.kts", "println(\"go\")\nThread.sleep(3_600_000)\n"));

    assertThat(error).startsWith("error: interrupted");
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void verbsBelongToTheThreadOfTheScript() {
    String error =
        Talk.failure(
            () ->
                talk.script(
                    "thread.zlens.kts",
                    "java.util.concurrent.CompletableFuture.runAsync { sites() }.get()\n"));

    assertThat(error).contains("verbs run on the thread of the script alone");
  }
}
