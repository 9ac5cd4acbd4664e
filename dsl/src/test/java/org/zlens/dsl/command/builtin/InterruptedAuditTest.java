package org.zlens.dsl.command.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.assertj.core.data.Offset.offset;

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
import org.zlens.dsl.session.TreeNode;
import org.zlens.dsl.session.TreeValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.dsl.syntax.Statement;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.model.ModelLoader;

/** Ctrl-C in an audit leaves the tree with what was measured. */
class InterruptedAuditTest implements ResultListener {
  private static final String TREE = "rdfa logit prompt 0 depth 3 width 3 by head audit";

  @TempDir private Path directory;

  private final List<Value> shown = new ArrayList<>();
  private Session session;
  private long stopsAfter = Long.MAX_VALUE;

  @BeforeEach
  void open() {
    assumeThat(ModelLoader.hasSprig()).isTrue();
    session = new Session(new Registry(BuiltinCommands.all()), Settings.STANDARD, this, directory);
    // Few removals fit into a pass, so that there are several passes to stop between.
    run("model sprig; dataset ioi n 4; set memory 2MB");
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
    if (what.startsWith("audit") && done >= stopsAfter) {
      session.cancellation().request();
    }
  }

  private void run(String text) {
    new Interpreter(session).run(new SourceText("test", text));
  }

  /** The exact effects in a tree, in the order of its rows; null where nothing was measured. */
  private static void exact(TreeNode node, List<Double> into) {
    into.add((Double) node.cells().get("exact"));
    node.children().forEach(child -> exact(child, into));
  }

  @Test
  void whatWasMeasuredIsShownAndKept() {
    stopsAfter = 1;
    assertThatThrownBy(() -> run(TREE + "; 40 + 2"))
        .isInstanceOfSatisfying(
            DiagnosticException.class,
            e -> {
              assertThat(e.diagnostic().kind()).isEqualTo(Kind.INTERRUPTED);
              assertThat(e.diagnostic().hint()).contains("that were measured is kept in $_");
            });
    assertThat(shown).hasSize(1);
    TreeValue part = (TreeValue) session.last();
    assertThat(part).isSameAs(shown.get(0));
    assertThat(part.notes().toString())
        .containsPattern("interrupted: \\d+ of \\d+ parts are measured");
    stopsAfter = Long.MAX_VALUE;
    run(TREE);
    TreeValue whole = (TreeValue) session.last();
    List<Double> all = new ArrayList<>();
    List<Double> some = new ArrayList<>();
    exact(whole.root(), all);
    exact(part.root(), some);
    assertThat(some).hasSameSizeAs(all);
    int measured = 0;
    int missing = 0;
    for (int i = 0; i < all.size(); i++) {
      if (some.get(i) != null) {
        assertThat(some.get(i)).isCloseTo(all.get(i), offset(1e-4));
        measured++;
      } else if (all.get(i) != null) {
        missing++;
      }
    }
    assertThat(measured).isPositive();
    assertThat(missing).isPositive();
  }
}
