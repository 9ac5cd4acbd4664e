package org.zlens.dsl.lang;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.zlens.dsl.command.Candidate;
import org.zlens.dsl.command.Completer;
import org.zlens.dsl.command.Completion;
import org.zlens.dsl.session.Interpreter;
import org.zlens.dsl.session.ResultListener;
import org.zlens.dsl.session.Session;
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
  void nothingIsOfferedInAString() {
    assertThat(complete("save \"s")).isEmpty();
  }

  @Test
  void blocksAndEditsBeginStatements() {
    assertThat(complete("for x in [1, 2] { sh")).containsExactly("show");
    assertThat(complete("with ab")).containsExactly("ablate");
    assertThat(complete("with ablate error L2 at [S1, S2], st")).containsExactly("steer");
    assertThat(complete("with cu")).isEmpty();
    assertThat(complete("with cut feature L2.F3 d")).containsExactly("depth");
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
