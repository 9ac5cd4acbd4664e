package org.zlens.dsl.replay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.zlens.dsl.diagnostic.Diagnostic;
import org.zlens.dsl.diagnostic.DiagnosticException;
import org.zlens.dsl.session.Interpreter;
import org.zlens.dsl.session.ResultListener;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.StatementListener;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.dsl.syntax.Statement;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.io.FolderTree;

/**
 * Runs a transcript in a session of its own and compares what its statements show with what they
 * showed. What it writes goes to a folder of its own that is gone afterwards, so that the files of
 * the recorded session stay as they are.
 */
public final class Replay implements StatementListener {
  private static final int STATEMENT_SHOWN = 60;

  private final Session outer;
  private final Transcript transcript;
  private final Comparison comparison;
  private final Causes causes = new Causes();
  private final Changes changes = new Changes();
  private final Gathered shown = new Gathered();
  private Session session;
  private int statement = -1;
  private int compared;
  private List<String> versions = List.of();

  private Replay(Session outer, Transcript transcript, double tolerance) {
    this.outer = outer;
    this.transcript = transcript;
    this.comparison = new Comparison(tolerance);
  }

  /**
   * Replays a transcript.
   *
   * @param outer the session that asks; its commands, folder and Ctrl-C count, nothing else
   * @param safe whether what a {@code --safe} session refuses is refused
   */
  public static ReplayReport run(Session outer, SourceText source, double tolerance, boolean safe) {
    Replay replay = new Replay(outer, Transcript.read(source), tolerance);
    Path folder = null;
    try (Session fresh = outer.fresh(ResultListener.none())) {
      if (safe) {
        fresh.files().makeSafe();
      } else {
        folder = temporaryFolder();
        fresh.files().divert(folder);
      }
      return replay.run(fresh);
    } finally {
      delete(folder);
    }
  }

  private ReplayReport run(Session fresh) {
    session = fresh;
    fresh.addListener(this);
    Interpreter interpreter = new Interpreter(fresh);
    try {
      interpreter.execute(interpreter.bind(transcript.source()));
    } catch (DiagnosticException e) {
      if (statement < 0 || e.diagnostic().kind() == Kind.INTERRUPTED) {
        throw e;
      }
      fail(e.diagnostic());
    }
    versions = Causes.versions(transcript.versions(), fresh.versions());
    return new ReplayReport(
        comparison.differences(),
        compared,
        comparison.cells(),
        causes.inputs(),
        versions,
        transcript.remarks());
  }

  @Override
  public void onStart(Statement started, SourceText source) {
    statement++;
    shown.clear();
    outer.listener().onProgress("replay", statement, transcript.script().statements().size());
  }

  @Override
  public void onValue(Value value) {
    shown.add(value);
  }

  @Override
  public void onPrint(String text) {
    shown.print(text);
  }

  @Override
  public void onEnd(Statement ended, SourceText source) {
    Transcript.Block record = transcript.record(statement);
    causes.compare(record.inputs(), changes.inputs(session));
    if (record.isDone()) {
      compared++;
      comparison.compare(line(), text(), record.values(), shown.all());
    }
  }

  private void fail(Diagnostic failure) {
    causes.compare(transcript.record(statement).inputs(), changes.inputs(session));
    String reason = failure.message();
    if (failure.source() != null && failure.source() != transcript.source()) {
      reason = failure.source().name() + ": " + reason;
    }
    comparison.fail(line(), text(), "error: " + reason);
    int left = transcript.script().statements().size() - statement - 1;
    if (left > 0) {
      comparison.fail(line(), text(), left + " statements after it did not run");
    }
  }

  private int line() {
    return transcript.source().line(now().span().start());
  }

  private String text() {
    String text = transcript.source().slice(now().span()).replaceAll("\\s+", " ");
    return text.length() <= STATEMENT_SHOWN
        ? text
        : text.substring(0, text.offsetByCodePoints(0, STATEMENT_SHOWN - 3)) + "...";
  }

  private Statement now() {
    return transcript.script().statements().get(statement);
  }

  private static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("zlens-replay");
    } catch (IOException e) {
      throw new ZlensException(
          Kind.DATA, "no folder for what the replay writes: " + e.getMessage(), null, e);
    }
  }

  private static void delete(Path folder) {
    if (folder == null) {
      return;
    }
    try {
      FolderTree.delete(folder);
    } catch (IOException ignored) {
      // Left-over temporary files are the lesser trouble; the report counts.
    }
  }
}
