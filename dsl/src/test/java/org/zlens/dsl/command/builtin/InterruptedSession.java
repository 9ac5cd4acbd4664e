package org.zlens.dsl.command.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.diagnostic.DiagnosticException;
import org.zlens.dsl.session.Interpreter;
import org.zlens.dsl.session.Provenance;
import org.zlens.dsl.session.ResultListener;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.dsl.syntax.Statement;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.model.ModelLoader;

/** A session with sprig and four prompts whose user presses Ctrl-C at some progress. */
abstract class InterruptedSession implements ResultListener {
  @TempDir private Path directory;

  final List<Value> shown = new ArrayList<>();
  Session session;
  private When when = When.NEVER;

  /** The progress at which the user presses it. */
  interface When {
    When NEVER = (what, done, total) -> false;

    boolean is(String what, long done, long total);
  }

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
    if (when.is(what, done, total)) {
      session.cancellation().request();
    }
  }

  void run(String text) {
    new Interpreter(session).run(new SourceText("test", text));
  }

  /** Runs a text, which must end as interrupted. */
  void interrupt(String text, When at) {
    when = at;
    assertThatThrownBy(() -> run(text))
        .isInstanceOfSatisfying(
            DiagnosticException.class,
            e -> assertThat(e.diagnostic().kind()).isEqualTo(Kind.INTERRUPTED));
    when = When.NEVER;
  }
}
