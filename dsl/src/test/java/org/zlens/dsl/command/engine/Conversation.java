package org.zlens.dsl.command.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.command.builtin.BuiltinCommands;
import org.zlens.dsl.diagnostic.Diagnostic;
import org.zlens.dsl.diagnostic.DiagnosticException;
import org.zlens.dsl.session.Cells;
import org.zlens.dsl.session.Interpreter;
import org.zlens.dsl.session.Provenance;
import org.zlens.dsl.session.ResultListener;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.dsl.syntax.Statement;

/** A session that tests talk to line by line, as someone at a prompt would. */
final class Conversation implements ResultListener, AutoCloseable {
  private final Session session;
  private final List<String> notes = new ArrayList<>();
  private Value value;
  private Provenance provenance;

  Conversation(Path directory) {
    session = new Session(new Registry(BuiltinCommands.all()), Settings.STANDARD, this, directory);
  }

  /** Runs a script that must succeed and gives its last value as a table. */
  TableValue ask(String script) {
    value = null;
    new Interpreter(session).run(new SourceText("test", script));
    return Cells.tableOf(value);
  }

  /** Runs a script that must fail. */
  Diagnostic fail(String script) {
    try {
      new Interpreter(session).run(new SourceText("test", script));
    } catch (DiagnosticException e) {
      return e.diagnostic();
    }
    throw new AssertionError("this went well: " + script);
  }

  Session session() {
    return session;
  }

  Value value() {
    return value;
  }

  Provenance provenance() {
    return provenance;
  }

  List<String> notes() {
    return notes;
  }

  @Override
  public void onValue(Statement statement, Value result, Provenance howItCameToBe) {
    value = result;
    provenance = howItCameToBe;
  }

  @Override
  public void onNote(String note) {
    notes.add(note);
  }

  @Override
  public void close() {
    session.close();
  }
}
