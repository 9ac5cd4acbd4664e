package org.zlens.dsl.command.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.diagnostic.DiagnosticException;
import org.zlens.dsl.session.Interpreter;
import org.zlens.dsl.session.Provenance;
import org.zlens.dsl.session.ResultListener;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.session.TreeValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.dsl.syntax.Statement;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.model.ModelLoader;
import tech.tablesaw.api.Table;

/** Ctrl-C in an audit leaves the whole tree with what was measured of it until then. */
class InterruptedAuditTest implements ResultListener {
  @TempDir private Path directory;

  private final List<Value> shown = new ArrayList<>();
  private Session session;
  private boolean stops;

  @BeforeEach
  void open() {
    assumeThat(ModelLoader.hasSprig()).isTrue();
    session = new Session(new Registry(BuiltinCommands.all()), Settings.STANDARD, this, directory);
    run("model sprig; dataset ioi n 4");
    shown.clear();
  }

  @AfterEach
  void close() {
    if (session != null) {
      session.close();
    }
  }

  @Override
  public void onValue(Statement statement, Value value, Provenance provenance) {
    shown.add(value);
  }

  @Override
  public void onProgress(String what, long done, long total) {
    // The first parts are only taken out of what single layers read.
    if (stops && what.startsWith("audit") && done >= 1 && 3 * done >= total) {
      session.cancellation().request();
    }
  }

  private void run(String text) {
    new Interpreter(session).run(new SourceText("test", text));
  }

  private void interrupt(String text) {
    stops = true;
    assertThatThrownBy(() -> run(text))
        .isInstanceOfSatisfying(
            DiagnosticException.class,
            e -> assertThat(e.diagnostic().kind()).isEqualTo(Kind.INTERRUPTED));
    stops = false;
  }

  @Test
  void theTreeIsKeptWithWhatWasMeasured() {
    interrupt("rdfa logit depth 2 width 3 audit; 40 + 2");
    assertThat(shown).hasSize(1);
    TreeValue part = (TreeValue) session.last();
    assertThat(part).isSameAs(shown.get(0));
    assertThat(part.notes().toString())
        .containsPattern("interrupted: [1-9]\\d* of \\d+ parts are measured");
    Table rows = part.table().table();
    run("rdfa logit depth 2 width 3 audit");
    TreeValue all = (TreeValue) session.last();
    Table whole = all.table().table();
    assertThat(whole.rowCount()).isEqualTo(rows.rowCount());
    assertThat(measured(rows)).isPositive().isLessThan(measured(whole));
    for (int row = 0; row < rows.rowCount(); row++) {
      if (!rows.doubleColumn("exact").isMissing(row)) {
        assertThat(rows.doubleColumn("exact").get(row))
            .isEqualTo(whole.doubleColumn("exact").get(row));
      }
    }
    assertThat(part.graph()).isPresent();
    run("rdfa logit depth 1 width 2");
  }

  @Test
  void aMeanIsMeasuredWhereAllOfItsPromptsAre() {
    interrupt("rdfa logit across prompts depth 2 width 2 audit; 40 + 2");
    assertThat(shown).hasSize(1);
    TreeValue part = (TreeValue) session.last();
    assertThat(part.notes().toString())
        .containsPattern("interrupted: [12] of 4 prompts are measured");
    Table rows = part.table().table();
    run("rdfa logit across prompts depth 2 width 2 audit");
    Table whole = ((TreeValue) session.last()).table().table();
    assertThat(whole.rowCount()).isEqualTo(rows.rowCount());
    assertThat(measured(rows)).isLessThan(measured(whole));
  }

  private static int measured(Table rows) {
    return rows.columnNames().contains("exact")
        ? rows.rowCount() - rows.column("exact").countMissing()
        : 0;
  }
}
