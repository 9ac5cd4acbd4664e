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
import org.zlens.dsl.command.ScriptArguments;
import org.zlens.dsl.command.builtin.BuiltinCommands;
import org.zlens.dsl.diagnostic.Diagnostic;
import org.zlens.dsl.diagnostic.DiagnosticException;
import org.zlens.dsl.session.Interpreter;
import org.zlens.dsl.session.Provenance;
import org.zlens.dsl.session.ResultListener;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.TextValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.syntax.Script;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.dsl.syntax.Statement;
import org.zlens.engine.Fixtures;
import org.zlens.engine.ZlensException.Kind;
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
  void bracketsAtTheEndsOfAStatementStay() throws IOException {
    run("record \"t.zl\"\nlet x = 2 * (1 + 3)\n(1 + 2) * (x - 1)\nrecord off");
    assertThat(transcript()).contains("let x = 2 * (1 + 3)\n", "(1 + 2) * (x - 1)\n");
    run("replay \"t.zl\"");
    assertThat(table().table().rowCount()).isZero();
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

  /** Paths start from the folder of the session; the transcript may lie in another. */
  @Test
  void anIncludedFileIsFoundFromWhereTheTranscriptLiesAndNamedAsTheCause() throws IOException {
    Files.createDirectories(folder.resolve("library/more"));
    Files.writeString(folder.resolve("library/names.zl"), "include \"more/x.zl\"\nlet y = x + 1\n");
    Files.writeString(folder.resolve("library/more/x.zl"), "let x = 1\n");
    run("include \"library/names.zl\"\nrecord \"out/a.zl\"\ny");
    run("record \"out/t.zl\"\ninclude \"library/names.zl\"\ny");
    assertThat(Files.readString(folder.resolve("out/t.zl")))
        .contains("include \"../library/names.zl\"\n#@ {\"role\":\"script\"");
    run("replay \"out/a.zl\"");
    run("replay \"out/t.zl\"");
    assertThat(table().notes())
        .containsExactly("2 statements compared, all 9 cells as recorded (tolerance 0.001)");
    run("run \"out/t.zl\"");
    Files.writeString(folder.resolve("library/more/x.zl"), "let x = 2\n");
    assertThat(fail("replay \"out/t.zl\"").hint())
        .startsWith("the script 'library/more/x.zl' is another: ");
    assertThat(fail("replay \"out/a.zl\"").exitCode()).isEqualTo(1);
  }

  @Test
  void aTableFileThatIsAnotherIsNamedAsTheCause() throws IOException {
    Files.writeString(folder.resolve("d.csv"), "a,b\n1,0.5\n2,0.25\n");
    run("record t.zl\ntable \"d.csv\" | where a = 2\nrecord off");
    run("replay t.zl");
    Files.writeString(folder.resolve("d.csv"), "a,b\n1,0.5\n2,0.75\n");
    assertThat(fail("replay t.zl").hint()).startsWith("the table 'd.csv' is another: ");
    assertThat(table().table().stringColumn("column").asList()).containsExactly("b");
  }

  @Test
  void parametersAreRecordedWithTheValuesThatTheyHad() throws IOException {
    Script script =
        ScriptArguments.set(
            Interpreter.parse(
                new SourceText(
                    "s.zl", "param n = 1\nparam what = \"a\"\nrecord t.zl\nf\"{n} {what}\"")),
            List.of("n=3", "what=4"));
    try (Session session = session()) {
      new Interpreter(session).run(script);
    }
    assertThat(transcript()).contains("param n = 3\n").contains("param what = \"4\"\n");
    run("replay t.zl");
    run("run t.zl");
    assertThat(((TextValue) shown).text()).isEqualTo("3 4");
  }

  /**
   * What the recorded session wrote over files that were there, the replay reads as it wrote it.
   */
  @Test
  void aReplayReadsWhatItWroteItself() throws IOException {
    run("record t.zl\n[1, 2]\nset | top 3 | save \"d/x.csv\"\ntable \"d/x.csv\"\nrecord off");
    Files.writeString(folder.resolve("d/x.csv"), "other\n7\n");
    run("replay t.zl");
    assertThat(folder.resolve("d/x.csv")).hasContent("other\n7\n");
  }

  @Test
  void aFolderIsReadWithWhatTheReplayWroteIntoIt() throws IOException {
    Path tiny = Files.createDirectory(folder.resolve("tiny"));
    for (String name : List.of("config.json", "model.safetensors")) {
      Files.copy(Fixtures.path("gpt2-tiny/hf").resolve(name), tiny.resolve(name));
    }
    run(
        "record t.zl\nset | top 1 | save \"tiny/note.csv\"\nmodel \"tiny\"\n"
            + "prompt tokens [5, 17]\nlogits top 2\ntable \"tiny/note.csv\"\nrecord off");
    Files.delete(tiny.resolve("note.csv"));
    run("replay t.zl");
    assertThat(table().table().rowCount()).isZero();
    assertThat(tiny.resolve("note.csv")).doesNotExist();
  }

  /** They lie elsewhere in the replay, and are called what the statement calls them. */
  @Test
  void saesThatTheTranscriptTrainsAreTheSameInTheReplay() throws IOException {
    assumeTrue(ModelLoader.hasSprig(), "this build has no embedded model");
    run(
        "record t.zl\nmodel sprig\ntrain sae L1 L2 width 32 tokens 2048 batch 256 to \"own\"\n"
            + "sae \"own\"\nevaluate sae L1 L2 on sprig tokens 512\nrecord off");
    assertThat(transcript()).contains("\"own/blocks.1.attn.hook_z\"").doesNotContain("/own/");
    run("replay t.zl tolerance 1e-6");
    assertThat(table().table().rowCount()).isZero();
    Files.delete(folder.resolve("own/blocks.1.attn.hook_z/cfg.json"));
    run("replay t.zl tolerance 1e-6");
    assertThat(table().table().rowCount()).isZero();
  }

  /** A transcript that is cut off anywhere, as a program that is killed may leave it. */
  @Test
  void aTranscriptThatIsCutOffReplaysAsFarAsItGoes() throws IOException {
    run("record t.zl\nlet a = 1 / 3\nset | top 2\nfor x in [1, 2] {\n  x\n}\nrecord off");
    String whole = transcript();
    int first = whole.indexOf("\n#\n") + 3;
    for (int end = first; end <= whole.length(); end++) {
      Files.writeString(folder.resolve("t.zl"), whole.substring(0, end));
      run("replay t.zl");
      assertThat(table().notes().get(0)).matches("[123] statements? compared, all .*");
    }
  }

  @Test
  void recordingStandsAlone() {
    assertThat(fail("for x in [1] { record t.zl }").kind()).isEqualTo(Kind.USAGE);
    assertThat(folder.resolve("t.zl")).doesNotExist();
  }
}
