package org.zlens.dsl.lang;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.dsl.command.Candidate;
import org.zlens.dsl.command.Completer;
import org.zlens.dsl.command.Completion;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.command.builtin.BuiltinCommands;
import org.zlens.dsl.session.Interpreter;
import org.zlens.dsl.session.ResultListener;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.syntax.SourceText;

class CompleterTest {
  private Session session;

  @BeforeEach
  void open() {
    session = new Session(LanguageCase.registry(), ResultListener.none());
    new Interpreter(session).run(new SourceText("test", "pick small; let best = L2.F417; sample"));
  }

  @AfterEach
  void close() {
    session.close();
  }

  private Completion completion(String before) {
    return new Completer(session.registry(), session.forecast()).complete(before);
  }

  private List<String> complete(String before) {
    return completion(before).fitting().stream().map(Candidate::text).toList();
  }

  @Test
  void verbsStartALine() {
    assertThat(complete("s"))
        .contains("sae", "sample", "save", "select", "set", "show", "sites", "sort", "sweep")
        .allMatch(verb -> verb.startsWith("s"))
        .isSorted();
    assertThat(complete("show; so")).containsExactly("sort");
    assertThat(complete("let x = sa")).containsExactly("sae", "sample", "save");
    assertThat(complete("b")).containsExactly("best");
    assertThat(complete("$b")).containsExactly("$best");
  }

  @Test
  void onlyVerbsThatTakeAValueFollowAPipe() {
    assertThat(complete("sample | s"))
        .contains("save", "select", "show", "sort")
        .doesNotContain("sae", "sample", "set", "sites");
  }

  @Test
  void wordsAndPlacesComeFromTheSignature() {
    assertThat(complete("sample | top ")).contains("by", "lowest").doesNotContain("top");
    assertThat(complete("sample | top 3 by delta lowest ")).containsExactly("per");
    assertThat(complete("cut feature L2.F3 d")).containsExactly("depth");
    assertThat(complete("help pos")).containsExactly("positions");
    assertThat(complete("set fo")).containsExactly("format");
  }

  @Test
  void addressesAndLabelsAreThoseOfTheModel() {
    assertThat(complete("cut head L3.H")).hasSize(8).contains("L3.H7");
    assertThat(complete("cut feature L")).containsExactly("L0.F", "L2.F");
    assertThat(complete("cut feature ")).contains("best");
    assertThat(complete("cut head L1.H1 at ")).containsExactly("IO", "S1", "S2", "ALL", "END");
    assertThat(complete("cut head L1.H1 at [S1, S")).containsExactly("S1", "S2");
  }

  @Test
  void conditionsKnowTheColumns() {
    assertThat(complete("where de")).containsExactly("delta");
    assertThat(complete("sort by `l")).containsExactly("`log odds`");
    assertThat(complete("where delta < 0 and ab")).containsExactly("abs(");
  }

  @Test
  void inAStringOnlyPathsAreOffered(@TempDir Path folder) throws IOException {
    assertThat(complete("expect \"s")).isEmpty();
    Files.createDirectories(folder.resolve("a model/deep"));
    Files.createFile(folder.resolve("a model/config.json"));
    Files.createFile(folder.resolve("script.zl"));
    Files.createFile(folder.resolve("study.zlens.kts"));
    Files.createFile(folder.resolve("notes.txt"));
    Files.createFile(folder.resolve(".hidden"));
    Session there =
        new Session(
            new Registry(BuiltinCommands.all()), Settings.STANDARD, ResultListener.none(), folder);
    assertThat(texts(there, "model "))
        .contains("sprig", "gpt2-small", "\"pythia-1.4b\"", "\"a model\"", "processing", "revision")
        .noneMatch(text -> text.contains("notes") || text.contains("hidden"));
    assertThat(texts(there, "model \"a")).containsExactly("\"a model\"");
    assertThat(texts(there, "run \""))
        .containsExactly("\"a model/", "\"script.zl\"", "\"study.zlens.kts\"");
    assertThat(texts(there, "include \"")).containsExactly("\"a model/", "\"script.zl\"");
    assertThat(texts(there, "include ")).containsExactly("\"a model/", "\"script.zl\"");
    assertThat(texts(there, "include \"script.zl\" ")).isEmpty();
    assertThat(texts(there, "set | save \"a model/")).contains("\"a model/deep/");
    assertThat(texts(there, "set | save \".h")).containsExactly("\".hidden\"");
    assertThat(texts(there, "set | save \"no such folder/")).isEmpty();
    there.close();
  }

  @Test
  void aSettingKnowsItsValues() {
    assertThat(complete("set format ma")).containsExactly("markdown");
    assertThat(complete("set paging o")).containsExactly("on", "off");
  }

  private static List<String> texts(Session session, String before) {
    return new Completer(session.registry(), session.forecast())
        .complete(before).fitting().stream().map(Candidate::text).toList();
  }

  @Test
  void blocksAndEditsBeginStatements() {
    assertThat(complete("for x in [1, 2] { sh")).containsExactly("show");
    assertThat(complete("with ab")).containsExactly("ablate");
    assertThat(complete("with ablate error L2 at [S1, S2], st")).containsExactly("steer");
    assertThat(complete("with cu")).isEmpty();
    assertThat(complete("with ablate feature L2.F3 a")).containsExactly("at");
    assertThat(complete("wi")).containsExactly("with");
    assertThat(complete("sample | wi")).isEmpty();
  }

  @Test
  void ofAlternativesOnlyOneIsOffered() {
    assertThat(complete("cut feature L2.F3 hea")).isEmpty();
  }

  @Test
  void aVariableThatIsPipedLendsItsColumns() {
    new Interpreter(session).run(new SourceText("test", "let kept = sample; 1 + 1"));
    assertThat(complete("kept | where de")).containsExactly("delta");
    assertThat(complete("where de")).isEmpty();
  }

  @Test
  void holesOfStringsTakeExpressions() {
    assertThat(complete("expect f\"{be")).containsExactly("best");
    assertThat(complete("f\"of {best} and {last.de")).containsExactly("last.delta");
    assertThat(complete("f\"{max(la")).containsExactly("last");
    assertThat(complete("f\"{lower(f\"{be")).containsExactly("best");
    assertThat(complete("f\"{")).contains("best", "abs(", "last").doesNotContain("sample", "let");
    assertThat(completion("f\"a {be").start()).isEqualTo(5);
    for (String text : List.of("f\"be", "f\"{{be", "f\"{best} be", "f\"{contains(best, \"be")) {
      assertThat(complete(text)).as(text).isEmpty();
    }
  }

  @Test
  void loopsAndParametersTakeExpressions() {
    assertThat(complete("for x ")).containsExactly("in");
    assertThat(complete("for x in be")).containsExactly("best");
    assertThat(complete("for x in [L0.F3, best, L2.")).contains("L2.F", "L2.H0");
    assertThat(complete("param n = be")).containsExactly("best");
    assertThat(complete("param ")).isEmpty();
  }

  @Test
  void aDotAsksForWhatThereIsInAThing() {
    assertThat(complete("cut feature L2.")).containsExactly("L2.F");
    assertThat(complete("cut head L1.")).hasSize(8).contains("L1.H0");
    assertThat(complete("expect last.de")).containsExactly("last.delta");
    assertThat(complete("expect $_.de")).containsExactly("$_.delta");
    new Interpreter(session).run(new SourceText("test", "let kept = sample; 1 + 1"));
    assertThat(complete("cut feature kept.fe")).containsExactly("kept.feature");
    assertThat(complete("let d = kept.de")).containsExactly("kept.delta");
    assertThat(complete("best.")).isEmpty();
  }

  @Test
  void aPlaceIsExplained() {
    Completer completer = new Completer(session.registry(), session.forecast());
    assertThat(completer.explain("sample | top 3 by ")).contains("top [COUNT]").contains("here: ");
    assertThat(completer.explain("top")).contains("top [COUNT]");
    assertThat(completer.explain("")).contains("sample").contains("'help VERB'");
    assertThat(completer.explain("save \"what")).isNull();
    assertThat(completer.explain("sample # why")).isNull();
  }

  @Test
  void theWordBeingTypedIsReplaced() {
    assertThat(completion("cut head L3.H").start()).isEqualTo(9);
  }
}
