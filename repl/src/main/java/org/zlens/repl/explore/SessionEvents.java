package org.zlens.repl.explore;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.zlens.dsl.diagnostic.Diagnostic;
import org.zlens.dsl.diagnostic.DiagnosticRenderer;
import org.zlens.dsl.save.ValueJson;
import org.zlens.dsl.session.GraphValue;
import org.zlens.dsl.session.Provenance;
import org.zlens.dsl.session.ResultListener;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.StatementListener;
import org.zlens.dsl.session.StatementLog;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.TreeValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.syntax.Printer;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.dsl.syntax.Stage;
import org.zlens.dsl.syntax.Statement;

/**
 * Writes down for the page what a session is given and what comes of it, statement by statement.
 */
final class SessionEvents implements StatementListener {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int MOST_OF_A_STATEMENT = 8000;
  private static final long PROGRESS_EVERY = 100_000_000L;

  private final Session session;
  private final Journal journal;
  private final GraphLedger graphs;
  private final PageView view;
  private final BooleanSupplier fromPage;
  private String state = "";
  private String ground = "";
  private int grounds;
  private int entry;
  private int heard;
  private boolean running;
  private long began;
  private long progressed;

  /**
   * Events of a session.
   *
   * @param fromPage whether what runs was asked for by the page
   */
  SessionEvents(
      Session session,
      Journal journal,
      GraphLedger graphs,
      PageView view,
      BooleanSupplier fromPage) {
    this.session = session;
    this.journal = journal;
    this.graphs = graphs;
    this.view = view;
    this.fromPage = fromPage;
  }

  /** What ran while nobody listened, without its results, and where the session stands. */
  void begin() {
    List<String> statements = session.log().statements();
    for (String statement :
        statements.subList(Math.min(heard, statements.size()), statements.size())) {
      start(statement, List.of(), List.of(), "before");
      end();
    }
    state();
  }

  /** What comes from now on is not heard; the statement that closes the page has ended for it. */
  void pause() {
    if (running) {
      end();
    }
    heard = session.log().statements().size();
  }

  @Override
  public void onStart(Statement statement, SourceText source) {
    String from = fromPage.getAsBoolean() ? "page" : "terminal";
    start(StatementLog.text(statement, source), verbs(statement), edits(statement), from);
  }

  private void start(String text, List<String> verbs, List<String> edits, String from) {
    entry++;
    running = true;
    began = System.nanoTime();
    ObjectNode event = event();
    event.put("text", Shortened.text(text, MOST_OF_A_STATEMENT)).put("from", from);
    texts(event.putArray("verbs"), verbs);
    texts(event.putArray("edits"), edits);
    journal.add("start", event.toString());
  }

  /** What is to hear of results and of how far commands are. */
  ResultListener results() {
    return new Results();
  }

  private final class Results implements ResultListener {
    @Override
    public void onValue(Statement statement, Value value, Provenance provenance) {
      ObjectNode event = event();
      texts(event.putArray("verbs"), verbs(statement));
      String head = event.toString();
      journal.add(
          "value",
          head.substring(0, head.length() - 1)
              + ",\"value\":"
              + ValueJson.line(Shortened.value(value), provenance)
              + "}");
      GraphValue graph =
          value instanceof TreeValue tree
              ? tree.graph().orElse(null)
              : value instanceof GraphValue one ? one : null;
      if (graph != null) {
        journal.replace("graph", graphs.add(graph, provenance));
      } else if (value instanceof TableValue table && table.score().isPresent()) {
        journal.replace("graph", graphs.add(table.score().get()));
      }
    }

    @Override
    public void onNote(String note) {
      if (running) {
        journal.add("note", event().put("text", Shortened.text(note, 2000)).toString());
      }
    }

    @Override
    public void onPrint(String text) {
      if (!text.isBlank()) {
        journal.add("note", event().put("text", Shortened.text(text, 2000)).toString());
      }
    }

    @Override
    public void onProgress(String what, long done, long total) {
      long now = System.nanoTime();
      if (now - progressed >= PROGRESS_EVERY) {
        progressed = now;
        ObjectNode event = event().put("what", Shortened.text(what));
        journal.mention("progress", event.put("done", done).put("total", total).toString());
      }
    }
  }

  @Override
  public void onEnd(Statement statement, SourceText source) {
    // The statement that opened the page had begun before.
    if (running) {
      end();
    }
    state();
  }

  private void end() {
    running = false;
    long milliseconds = (System.nanoTime() - began) / 1_000_000;
    journal.add("end", event().put("milliseconds", milliseconds).toString());
  }

  @Override
  public void onFailure(String text, Diagnostic failure) {
    if (!running) {
      start(text, List.of(), List.of(), fromPage.getAsBoolean() ? "page" : "terminal");
    }
    running = false;
    String error = Shortened.text(DiagnosticRenderer.render(failure), MOST_OF_A_STATEMENT);
    ObjectNode event = event().put("error", error);
    event.put("interrupted", failure.kind().exitCode() == 130);
    journal.add("failure", event.toString());
    state();
  }

  /** Where the session stands, if it stands elsewhere than before. */
  private void state() {
    ObjectNode now = SessionState.of(session);
    if (now.toString().equals(state)) {
      return;
    }
    state = now.toString();
    if (!SessionState.ground(now).equals(ground)) {
      ground = SessionState.ground(now);
      grounds++;
      graphs.clear();
      journal.replace("graph", graphs.json());
      synchronized (view) {
        view.clear();
        journal.replace("view", view.json());
      }
    }
    journal.state(now.put("ground", grounds).toString());
  }

  private ObjectNode event() {
    return JSON.objectNode().put("entry", entry);
  }

  private static void texts(ArrayNode to, List<String> texts) {
    texts.forEach(to::add);
  }

  /** What a block holds in force, as it would be written. */
  private static List<String> edits(Statement statement) {
    return statement instanceof Statement.With with
        ? with.edits().stream().map(Printer::print).toList()
        : List.of();
  }

  /** The verbs of a statement in their order; of a block, 'with' and those of its edits. */
  private static List<String> verbs(Statement statement) {
    List<String> verbs = new ArrayList<>();
    if (statement instanceof Statement.Pipeline pipeline) {
      for (Stage stage : pipeline.stages()) {
        if (stage instanceof Stage.Call call) {
          verbs.add(call.verb());
        }
      }
    } else if (statement instanceof Statement.Let let) {
      verbs.addAll(verbs(let.pipeline()));
    } else if (statement instanceof Statement.With with) {
      verbs.add("with");
      with.edits().forEach(edit -> verbs.addAll(verbs(edit)));
    }
    return verbs;
  }
}
