package org.zlens.dsl.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.command.builtin.BuiltinCommands;
import org.zlens.dsl.diagnostic.Diagnostic;
import org.zlens.dsl.diagnostic.DiagnosticException;
import org.zlens.dsl.session.Interpreter;
import org.zlens.dsl.session.Provenance;
import org.zlens.dsl.session.ResultListener;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.dsl.syntax.Statement;
import org.zlens.engine.model.ModelLoader;

/** What {@code record} writes and {@code replay} says of it, in sessions of their own. */
class ReplayTest {
  private static final String STUDY =
      """
      model sprig
      dataset ioi n 4 seed 1
      let best = features L2 at S2 top 3
      for f in best.feature {
        ablate feature f at S2
      }
      capture L1.z
      """;

  @TempDir Path folder;

  private final List<String> notes = new ArrayList<>();
  private Value shown;

  private Session session() {
    ResultListener listener =
        new ResultListener() {
          @Override
          public void onValue(Statement statement, Value value, Provenance provenance) {
            shown = value;
          }

          @Override
          public void onNote(String note) {
            notes.add(note);
          }
        };
    return new Session(new Registry(BuiltinCommands.all()), Settings.STANDARD, listener, folder);
  }

  private void run(String text) {
    try (Session session = session()) {
      new Interpreter(session).run(new SourceText("test", text));
    }
  }

  private Diagnostic fail(String text) {
    return catchThrowableOfType(DiagnosticException.class, () -> run(text)).diagnostic();
  }

  private String transcript() throws IOException {
    return Files.readString(folder.resolve("t.zl"));
  }

  private void edit(String before, String after) throws IOException {
    String text = transcript();
    assertThat(text).contains(before);
    Files.writeString(folder.resolve("t.zl"), text.replace(before, after));
  }

  private TableValue table() {
    return (TableValue) shown;
  }

  @Test
  void aStudyReplaysAsItWasRecordedAndEveryCellIsCompared() throws IOException {
    assumeTrue(ModelLoader.hasSprig(), "this build has no embedded model");
    run("record \"t.zl\"\n" + STUDY + "record off");
    assertThat(transcript())
        .startsWith("#~ {\"transcript\":1")
        .contains("for f in best.feature {\n  ablate feature f at S2\n}\n")
        .contains("#@ {\"role\":\"model\",\"name\":\"sprig\",\"hash\":\"");
    run("replay \"t.zl\" tolerance 1e-5");
    assertThat(table().table().rowCount()).isZero();
    assertThat(table().notes().get(0)).startsWith("5 statements compared, all ");
    run("run \"t.zl\"");
  }

  @Test
  void eachNumberThatMovedIsNamedAndTheExitCodeIsOne() throws IOException {
    run("record \"t.zl\"\nlet x = 1 / 3\nset seed\n[1, 2]\nrecord off");
    edit("0.3333333333333333", "0.3343333333333333");
    edit("\"0\"", "\"7\"");
    Diagnostic failure = fail("replay \"t.zl\" tolerance 1e-4");
    assertThat(failure.exitCode()).isEqualTo(1);
    assertThat(failure.message()).isEqualTo("2 differences from what 't.zl' recorded");
    assertThat(table().table().rowCount()).isEqualTo(2);
    assertThat(table().table().stringColumn("statement").get(0)).isEqualTo("let x = 1 / 3");
    assertThat(table().table().doubleColumn("difference").get(0)).isBetween(-0.00101, -0.00099);
    assertThat(table().table().stringColumn("recorded").get(1)).isEqualTo("7");
    assertThat(table().table().stringColumn("now").get(1)).isEqualTo("0");
    assertThat(fail("set tolerance 0.01; replay t.zl").message()).startsWith("1 difference ");
  }

  @Test
  void missingAndNewRowsAreNamed() throws IOException {
    run("record \"t.zl\"\nset | top 3\nrecord off");
    String row = transcript().lines().filter(l -> l.startsWith("#: ")).findFirst().orElseThrow();
    edit(row + "\n", "");
    assertThat(fail("replay \"t.zl\"").exitCode()).isEqualTo(1);
    assertThat(table().table().stringColumn("recorded").get(0)).isEqualTo("missing");
    edit("#: [", row.replace("\"format\"", "\"gone\"") + "\n" + row + "\n#: [");
    fail("replay \"t.zl\"");
    assertThat(table().table().stringColumn("now").asList()).contains("missing");
  }

  @Test
  void whatRanBeforeComesFirstAndWhatFailedIsAComment() throws IOException {
    try (Session session = session()) {
      Interpreter interpreter = new Interpreter(session);
      interpreter.run(new SourceText("input", "let n = 3"));
      interpreter.run(new SourceText("input", "record t.zl"));
      for (String wrong : List.of("srot by x", "expect n = 4", "let b = [1")) {
        catchThrowableOfType(
            DiagnosticException.class, () -> interpreter.run(new SourceText("input", wrong)));
      }
      interpreter.run(new SourceText("input", "n + 1"));
    }
    assertThat(transcript())
        .contains("let n = 3\n")
        .contains("#! srot by x\n#! error: no verb 'srot'\n#! hint: did you mean 'sort'?\n")
        .contains("#! expect n = 4\n")
        .contains("#! let b = [1\n")
        .contains("n + 1\n#= ");
    run("replay t.zl");
    assertThat(table().notes().get(0)).startsWith("1 statement compared");
  }

  @Test
  void aFileIsNotOverwrittenUnlessAskedFor() throws IOException {
    Files.writeString(folder.resolve("t.zl"), "mine");
    Diagnostic failure = fail("record t.zl");
    assertThat(failure.message()).isEqualTo("there is a file 't.zl' already");
    assertThat(transcript()).isEqualTo("mine");
    run("record t.zl replace\n1 + 1");
    assertThat(transcript()).contains("1 + 1\n#= ");
  }

  @Test
  void filesThatARecordedStatementWroteStayAsTheyAre() throws IOException {
    run("record t.zl\nset | save \"x.csv\"\nrecord off");
    Path saved = folder.resolve("x.csv");
    Files.writeString(saved, "precious");
    run("replay t.zl");
    assertThat(saved).hasContent("precious");
    assertThat(fail("replay t.zl safe").kind().exitCode()).isEqualTo(2);
  }

  @Test
  void handEditsThatMakeNoSenseAreCleanErrors() throws IOException {
    run("record t.zl\nset | top 1\nrecord off");
    String good = transcript();
    for (String[] edit :
        new String[][] {
          {"#~ {\"transcript\":1", "#~ {\"transcript\":2"},
          {"#~ ", "# "},
          {"#: [", "#: [["},
          {"#: [", "#: [7, "},
          {"#= {", "# {"},
          {"\"columns\":[", "\"colums\":["},
          {"set | top 1", "set | top one"}
        }) {
      Files.writeString(folder.resolve("t.zl"), good.replace(edit[0], edit[1]));
      Diagnostic failure = fail("replay t.zl");
      assertThat(failure.source().name()).as(edit[1]).isEqualTo("t.zl");
      assertThat(failure.exitCode()).as(failure.message()).isIn(65, 66);
    }
    Files.writeString(folder.resolve("t.zl"), good.replace("set |", "# a remark of mine\nset |"));
    run("replay t.zl");
  }

  @Test
  void aStatementThatFailsNowIsADifferenceAndWhatFollowsIsCounted() throws IOException {
    Files.writeString(folder.resolve("s.zl"), "let k = 2\n");
    run("record t.zl\nrun \"s.zl\"\nexpect 2 = 2\n5\nrecord off");
    edit("expect 2 = 2", "expect 2 = 3");
    assertThat(fail("replay t.zl").exitCode()).isEqualTo(1);
    assertThat(table().table().stringColumn("now").asList())
        .containsExactly("error: expected 2 = 3, found 2", "1 statements after it did not run");
  }

  @Test
  void aScriptThatIsAnotherIsNamedAsTheCause() throws IOException {
    Files.writeString(folder.resolve("s.zl"), "7\n");
    run("record t.zl\nrun \"s.zl\"\nrecord off");
    Files.writeString(folder.resolve("s.zl"), "8\n");
    Diagnostic failure = fail("replay t.zl");
    assertThat(failure.hint()).startsWith("the script 's.zl' is another: ");
    assertThat(table().notes()).anyMatch(note -> note.startsWith("cause: the script 's.zl'"));
  }
}
