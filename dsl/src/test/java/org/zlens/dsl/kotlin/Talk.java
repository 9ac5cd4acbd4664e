package org.zlens.dsl.kotlin;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.zlens.dsl.command.Registry;
import org.zlens.dsl.command.builtin.BuiltinCommands;
import org.zlens.dsl.diagnostic.DiagnosticException;
import org.zlens.dsl.diagnostic.DiagnosticRenderer;
import org.zlens.dsl.session.Interpreter;
import org.zlens.dsl.session.Provenance;
import org.zlens.dsl.session.ResultListener;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.dsl.syntax.Statement;

/** A session that keeps what it was shown, for tests that speak both languages to it. */
final class Talk implements ResultListener, AutoCloseable {
  final Session session = new Session(new Registry(BuiltinCommands.all()), this);
  final List<Value> values = new ArrayList<>();
  final StringBuilder printed = new StringBuilder();

  /** Whether another thread asks the session to stop as soon as it prints. */
  boolean stopAtPrint;

  @Override
  public void onValue(Statement statement, Value value, Provenance provenance) {
    values.add(value);
  }

  @Override
  public void onPrint(String text) {
    printed.append(text);
    if (stopAtPrint) {
      CompletableFuture.runAsync(session.cancellation()::request).join();
    }
  }

  void command(String text) {
    new Interpreter(session).run(new SourceText("input", text));
  }

  /** Runs a line of Kotlin. */
  Talk line(String text) {
    KotlinLines.of(session).run(new SourceText("input", text));
    return this;
  }

  /** Runs a script without a cache. */
  void script(String name, String text, String... arguments) {
    script(null, name, text, arguments);
  }

  /** Runs a script with a cache in this folder. */
  void script(Path cache, String name, String text, String... arguments) {
    Map<String, String> all = new HashMap<>();
    for (String argument : arguments) {
      String[] parts = argument.split("=", 2);
      all.put(parts[0], parts[1]);
    }
    new ScriptRunner(new ScriptCache(cache)).run(new SourceText(name, text), all, session);
  }

  /** What the user sees of the failure that this ends in. */
  static String failure(Runnable body) {
    try {
      body.run();
    } catch (DiagnosticException e) {
      return DiagnosticRenderer.render(e.diagnostic());
    }
    throw new AssertionError("nothing failed");
  }

  @Override
  public void close() {
    session.close();
  }
}
