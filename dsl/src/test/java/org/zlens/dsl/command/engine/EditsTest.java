package org.zlens.dsl.command.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.assertj.core.data.Offset.offset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.command.builtin.BuiltinCommands;
import org.zlens.dsl.diagnostic.Diagnostic;
import org.zlens.dsl.diagnostic.DiagnosticException;
import org.zlens.dsl.session.Cells;
import org.zlens.dsl.session.Interpreter;
import org.zlens.dsl.session.Provenance;
import org.zlens.dsl.session.ProvenanceInput;
import org.zlens.dsl.session.ResultListener;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.TreeValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.dsl.syntax.Statement;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.model.ModelLoader;

/** What blocks leave behind, whatever ends them, and what they say of their results. */
class EditsTest implements ResultListener {
  private static final String EDIT = "ablate error L2 at END";

  @TempDir private Path directory;

  private Session session;
  private final List<Value> values = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final List<Provenance> provenances = new ArrayList<>();
  private boolean stops;

  @BeforeEach
  void open() {
    assumeThat(ModelLoader.hasSprig()).isTrue();
    session = new Session(new Registry(BuiltinCommands.all()), Settings.STANDARD, this, directory);
    run("model sprig; dataset ioi n 4");
    values.clear();
    provenances.clear();
  }

  @AfterEach
  void close() {
    if (session != null) {
      session.close();
    }
  }

  @Override
  public void onValue(Statement statement, Value value, Provenance provenance) {
    values.add(value);
    provenances.add(provenance);
    if (stops) {
      session.cancellation().request();
    }
  }

  @Override
  public void onNote(String note) {
    notes.add(note);
  }

  private void run(String text) {
    new Interpreter(session).run(new SourceText("test", text));
  }

  private Diagnostic fail(String text) {
    try {
      run(text);
    } catch (DiagnosticException e) {
      return e.diagnostic();
    }
    throw new AssertionError("this went well: " + text);
  }

  private double difference() {
    stops = false;
    run("metric");
    TableValue table = (TableValue) values.get(values.size() - 1);
    return table.table().doubleColumn("mean").get(0);
  }

  private void nothingIsLeft(double clean) {
    assertThat(session.find(Slots.EDITS)).isEmpty();
    assertThat(session.inputs()).extracting(ProvenanceInput::role).doesNotContain("edit");
    assertThat(difference()).isEqualTo(clean);
  }

  @Test
  void aFailureInABlockLiftsItsEdits() {
    double clean = difference();
    String open = "with " + EDIT + " { with ablate head L1.H2 at END { metric; ";
    assertThat(fail(open + "expect 1 = 2 } }").message()).startsWith("expected 1 = 2");
    TableValue edited = (TableValue) values.get(values.size() - 1);
    assertThat(edited.table().doubleColumn("mean").get(0)).isNotEqualTo(clean);
    nothingIsLeft(clean);
    assertThat(fail(open + "run \"none.zl\" } }").kind()).isEqualTo(Kind.DATA);
    nothingIsLeft(clean);
    assertThat(fail("with " + EDIT + ", ablate feature L2.F1 at 40 { }").message())
        .startsWith("no position 40");
    nothingIsLeft(clean);
    assertThat(fail("with " + EDIT + " { }").message()).contains("never fired");
    nothingIsLeft(clean);
  }

  @Test
  void editsInForceAreBounded() {
    double clean = difference();
    String many = (EDIT + ", ").repeat(300) + EDIT;
    assertThat(fail("with " + many + " { logits }").message())
        .isEqualTo("more than 256 edits in force at once");
    nothingIsLeft(clean);
  }

  @Test
  void anInterruptionInABlockLiftsItsEdits() {
    double clean = difference();
    stops = true;
    assertThat(fail("with " + EDIT + " { metric; metric }").kind()).isEqualTo(Kind.INTERRUPTED);
    nothingIsLeft(clean);
  }

  @Test
  void quittingInABlockIsNoFailure() {
    run("with " + EDIT + " { quit }");
    assertThat(session.isQuitting()).isTrue();
    assertThat(session.find(Slots.EDITS)).isEmpty();
  }

  @Test
  void resultsSayWhatTheyRanUnder() {
    run(
        """
        let best = features L1 at END top 1
        with ablate error L2 at END, steer L1.F0 by 1 at S2 {
          with steer L3.F2 by 4 {
            logits
            rdfa best.feature at END depth 1
            capture L3.z
            heads L1.H2
          }
          features L0 at END | top 3
          features L1 at S2
          with steer L1.F0 to 1 { logits }
        }
        """);
    String outer = "under edits: ablate error L2 at END";
    String unreached = outer + " (which changed nothing here), steer L1.F0 by 1 at S2";
    assertThat(((TableValue) values.get(0)).notes())
        .contains(outer + ", steer L1.F0 by 1 at S2, steer L3.F2 by 4");
    assertThat(((TreeValue) values.get(1)).notes())
        .contains(unreached + ", steer L3.F2 by 4 (which changed nothing here)");
    assertThat(notes).contains(outer + ", steer L1.F0 by 1 at S2, steer L3.F2 by 4");
    assertThat(((TableValue) values.get(3)).notes()).noneMatch(note -> note.contains("edits"));
    assertThat(Cells.tableOf(values.get(4)).notes())
        .contains(unreached + " (which changed nothing here)");
    assertThat(Cells.tableOf(values.get(5)).notes()).contains(unreached);
  }

  @Test
  void provenanceTellsEditsApart() {
    run("let f = L2.F3");
    String block = "with steer f by 1 at END { logits }";
    run(block);
    run(block);
    run("let f = L2.F4");
    run(block);
    run("logits");
    List<List<ProvenanceInput>> edits =
        provenances.stream()
            .map(one -> one.inputs().stream().filter(i -> i.role().equals("edit")).toList())
            .toList();
    assertThat(edits.get(0)).hasSize(1);
    assertThat(edits.get(0).get(0).name()).isEqualTo("steer f by 1 at END");
    assertThat(edits.get(1)).isEqualTo(edits.get(0));
    assertThat(edits.get(2).get(0).hash()).isNotEqualTo(edits.get(0).get(0).hash());
    assertThat(edits.get(3)).isEmpty();
  }

  @Test
  void scriptsThatABlockRunsAreUnderItsEdits() throws IOException {
    Files.writeString(directory.resolve("inner.zl"), "metric\n");
    double clean = difference();
    run("with " + EDIT + " { run \"inner.zl\" }");
    TableValue edited = (TableValue) values.get(values.size() - 1);
    assertThat(edited.table().doubleColumn("mean").get(0)).isNotEqualTo(clean);
    Files.writeString(directory.resolve("other.zl"), "prompt \"When Ann\"\nmetric\n");
    Diagnostic other = fail("with ablate error L2 at S2 { metric; run \"other.zl\" }");
    assertThat(other.source().name()).isEqualTo("other.zl");
    assertThat(other.message())
        .isEqualTo(
            "the edit 'ablate error L2 at S2' is in force, but no label 'S2' in this prompt");
  }

  @Test
  void manyPromptsRunInPartsAndFindTheirOwnPlaces() {
    run("dataset ioi n 150 seed 3; let best = features L2 at S2 top 1");
    values.clear();
    run("ablate feature best.feature at S2 by none");
    run("with ablate feature best.feature at S2 { metric }");
    run("ablate head L2.H1 at S2 by none");
    run("with ablate head L2.H1 at S2 { metric }");
    for (int i = 0; i < values.size(); i += 2) {
      double alone = ((TableValue) values.get(i)).table().doubleColumn("ablated").get(0);
      double inside = ((TableValue) values.get(i + 1)).table().doubleColumn("mean").get(0);
      assertThat(inside).isCloseTo(alone, offset(1e-4));
    }
  }
}
