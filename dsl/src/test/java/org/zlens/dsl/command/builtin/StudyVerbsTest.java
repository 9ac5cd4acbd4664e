package org.zlens.dsl.command.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.dsl.command.Registry;
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
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.model.ModelLoader;

/** What scripts cannot say of the verbs of a study: silence refused, interruption, pages. */
class StudyVerbsTest {
  @TempDir private Path directory;

  @BeforeEach
  void needsTheEmbeddedModel() {
    assumeTrue(ModelLoader.hasSprig(), "this build has no embedded model");
  }

  /** Interrupts the session after some steps of one work's progress. */
  private static final class Impatient implements ResultListener {
    private final String work;
    private final int patience;
    private int steps;
    private Session session;

    private Impatient(String work, int patience) {
      this.work = work;
      this.patience = patience;
    }

    @Override
    public void onValue(Statement statement, Value value, Provenance provenance) {}

    @Override
    public void onProgress(String what, long done, long total) {
      if (what.equals(work) && ++steps == patience) {
        session.cancellation().request();
      }
    }
  }

  private Session session(ResultListener listener) {
    Session session =
        new Session(new Registry(BuiltinCommands.all()), Settings.STANDARD, listener, directory);
    run(session, "model sprig\ndataset ioi n 4");
    return session;
  }

  private static void run(Session session, String script) {
    new Interpreter(session).run(new SourceText("test", script));
  }

  private static Diagnostic failure(Session session, String script) {
    return catchThrowableOfType(DiagnosticException.class, () -> run(session, script)).diagnostic();
  }

  private static String silent(Session session) {
    run(session, "features L2 at S2");
    Set<String> active =
        new HashSet<>(((TableValue) session.last()).table().stringColumn("feature").asList());
    for (int feature = 0; ; feature++) {
      if (!active.contains("L2.F" + feature)) {
        return "L2.F" + feature;
      }
    }
  }

  @Test
  void whatIsActiveNowhereIsNoSubject() {
    try (Session session = session(ResultListener.none())) {
      String silent = silent(session);
      for (String script :
          List.of(
              "ablate feature " + silent + " at S2",
              "dfa " + silent + " at S2",
              "rdfa " + silent + " at S2")) {
        Diagnostic diagnostic = failure(session, script);
        assertThat(diagnostic.kind()).isEqualTo(Kind.RUNTIME);
        assertThat(diagnostic.message())
            .isEqualTo(silent + " is not active at any of the positions");
        assertThat(diagnostic.hint()).startsWith("most active there: L2.F");
      }
    }
  }

  @Test
  void anInterruptedSweepLeavesTheSessionAlive() {
    Impatient listener = new Impatient("sweep heads", 3);
    try (Session session = session(listener)) {
      listener.session = session;
      Diagnostic diagnostic = failure(session, "sweep heads");
      assertThat(diagnostic.kind()).isEqualTo(Kind.INTERRUPTED);
      assertThat(diagnostic.exitCode()).isEqualTo(130);
      assertThat(listener.steps).isEqualTo(3);
      run(session, "sweep heads L1 at END");
      assertThat(((TableValue) session.last()).table().rowCount()).isEqualTo(16);
    }
  }

  @Test
  void aPictureTellsItsOriginAndNothingElseIsWritten() throws IOException {
    try (Session session = session(ResultListener.none())) {
      run(session, "sweep heads L1 at END | plot title \"<b>heads</b>\" file \"heads.html\"");
      String page = Files.readString(directory.resolve("heads.html"));
      assertThat(page)
          .contains("&lt;b&gt;heads&lt;/b&gt;", "sweep heads L1 at END", "model sprig", "seed 0")
          .contains("effect (logits)", "\"name\":\"ABBA\"", "L1.H7")
          .doesNotContain("<b>heads");
      try (Stream<Path> files = Files.list(directory)) {
        assertThat(files).containsExactly(directory.resolve("heads.html"));
      }
    }
  }
}
