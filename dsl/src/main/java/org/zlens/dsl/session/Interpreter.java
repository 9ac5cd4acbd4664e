package org.zlens.dsl.session;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Binder;
import org.zlens.dsl.command.BoundScript;
import org.zlens.dsl.command.BoundStage;
import org.zlens.dsl.command.BoundStatement;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Reading;
import org.zlens.dsl.command.engine.CurrentEdits;
import org.zlens.dsl.diagnostic.Diagnostic;
import org.zlens.dsl.diagnostic.DiagnosticException;
import org.zlens.dsl.diagnostic.Fault;
import org.zlens.dsl.session.Session.Running;
import org.zlens.dsl.syntax.Expression;
import org.zlens.dsl.syntax.Parser;
import org.zlens.dsl.syntax.Printer;
import org.zlens.dsl.syntax.Script;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.dsl.syntax.Span;
import org.zlens.dsl.syntax.Statement;
import org.zlens.dsl.syntax.SyntaxException;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.runtime.Interruption;
import org.zlens.engine.runtime.Scope;

/** Runs scripts in a session: checks all of one, then runs its statements in order. */
public final class Interpreter {
  private final Session session;
  private boolean muted;
  private Value result = NothingValue.NOTHING;

  public Interpreter(Session session) {
    this.session = session;
  }

  /**
   * Parses, checks and runs a source; values go to the session's listener. Throws {@link
   * DiagnosticException}, and nothing else, at the first failure; the session stays usable.
   */
  public void run(SourceText source) {
    session.cancellation().reset();
    execute(bind(source));
  }

  /** Checks and runs a script that is parsed already; as {@link #run(SourceText)} otherwise. */
  public void run(Script script) {
    session.cancellation().reset();
    execute(bind(script));
  }

  /**
   * Parses, checks and runs a source in the midst of something that runs already, such as a Kotlin
   * script, and gives the value of its last statement, which is not shown. A request to stop counts
   * for it too. Failures are as those of {@link #run(SourceText)}.
   */
  public Value value(SourceText source) {
    BoundScript script = bind(source);
    muted = true;
    result = NothingValue.NOTHING;
    try {
      execute(script);
      return result;
    } finally {
      muted = false;
    }
  }

  /** Checks a script that is parsed already; as {@link #bind(SourceText)} otherwise. */
  public BoundScript bind(Script script) {
    return bind(script.source(), () -> script);
  }

  /** Parses and checks a source against the session as it is, and runs nothing of it. */
  public BoundScript bind(SourceText source) {
    return bind(source, () -> parse(source));
  }

  private BoundScript bind(SourceText source, Supplier<Script> script) {
    try {
      return guarded(
          source,
          new Span(0, source.text().length()),
          () -> new Binder(session.registry(), session.forecast()).bind(script.get()));
    } catch (DiagnosticException e) {
      if (session.running() == null) {
        session.tell(listener -> listener.onFailure(source.text(), e.diagnostic()));
      }
      throw e;
    }
  }

  /** Runs a script that has been bound in this session. */
  public void execute(BoundScript script) {
    Running outer = session.running();
    try {
      if (outer == null) {
        outermost(script);
      } else {
        execute(script.statements(), script.source());
      }
    } finally {
      session.setRunning(outer);
    }
  }

  /** Runs the statements that nothing holds but their script, and tells the session's listeners. */
  private void outermost(BoundScript script) {
    for (BoundStatement statement : script.statements()) {
      if (session.isQuitting()) {
        return;
      }
      Statement written = statement.statement();
      session.setAlone(written);
      session.tell(listener -> listener.onStart(written, script.source()));
      try {
        execute(List.of(statement), script.source());
      } catch (DiagnosticException e) {
        String text = script.source().slice(written.span());
        session.tell(listener -> listener.onFailure(text, e.diagnostic()));
        throw e;
      }
      Statement recorded = session.recorded(written);
      session.tell(listener -> listener.onEnd(recorded, script.source()));
    }
  }

  /** The syntax of a source, its errors as {@link DiagnosticException}. */
  public static Script parse(SourceText source) {
    try {
      return Parser.parse(source);
    } catch (SyntaxException e) {
      throw new DiagnosticException(Diagnostic.of(e, source));
    }
  }

  private void execute(List<BoundStatement> statements, SourceText source) {
    for (BoundStatement statement : statements) {
      if (session.isQuitting()) {
        return;
      }
      if (statement instanceof BoundStatement.Loop loop) {
        loop(loop, source);
      } else if (statement instanceof BoundStatement.With with) {
        with(with, source);
      } else if (statement instanceof BoundStatement.Included included) {
        if (included.script().source() != source) {
          note(included.script().source());
        }
        execute(included.script().statements(), included.script().source());
      } else {
        execute((BoundStatement.Pipeline) statement, source);
      }
    }
  }

  private void note(SourceText script) {
    session.addRead(new ProvenanceInput("script", session.files().name(script), script.sha256()));
  }

  private void loop(BoundStatement.Loop loop, SourceText source) {
    Expression written = loop.values();
    Value values =
        guarded(source, written.span(), () -> new Reading(session.forecast()).value(written));
    if (!(values instanceof ListValue list)) {
      throw new DiagnosticException(
          Diagnostic.at(
              Kind.TYPE,
              "expected a list, a range or a column, found " + values.kind().phrase(),
              source,
              written.span(),
              null));
    }
    Provenance origin = new Origins(session).ofLoop(loop, source);
    for (Value value : list.values()) {
      session.setVariable(loop.name(), value, origin);
      execute(loop.body(), source);
    }
  }

  /** Whatever happens in the block, its edits are lifted when it ends. */
  private void with(BoundStatement.With block, SourceText source) {
    CurrentEdits edits = CurrentEdits.of(session);
    int outer = edits.size();
    try {
      for (BoundStage.Call edit : block.edits()) {
        inScope(source, edit.span(), () -> edits.hold(edit, text(block, edit), session));
      }
      execute(block.body(), source);
      for (int i = 0; i < block.edits().size() && !session.isQuitting(); i++) {
        int number = outer + i;
        inScope(source, block.edits().get(i).span(), () -> edits.requireActed(number, session));
      }
    } finally {
      edits.liftTo(outer, session);
    }
  }

  private static String text(BoundStatement.With block, BoundStage.Call edit) {
    return Printer.print(block.statement().edits().get(block.edits().indexOf(edit)));
  }

  private void inScope(SourceText source, Span span, Runnable action) {
    guarded(
        source,
        span,
        () -> {
          session.cancellation().poll();
          try (Scope scope = Scope.open();
              Interruption asking = Interruption.asking(session.cancellation()::poll)) {
            action.run();
          }
          return null;
        });
  }

  private void execute(BoundStatement.Pipeline statement, SourceText source) {
    Reads reads = new Reads();
    Supplier<Provenance> provenance = new Origins(session).begin(statement, source, reads);
    session.setRunning(new Running(statement.statement(), provenance, reads));
    Value value = NothingValue.NOTHING;
    for (BoundStage stage : statement.stages()) {
      Value piped = value;
      value =
          guarded(
              source,
              stage.span(),
              () -> {
                session.cancellation().poll();
                try {
                  return run(stage, piped);
                } catch (PartialResult partial) {
                  keep(partial.value(), statement, provenance.get());
                  throw partial.interruption();
                }
              });
    }
    result = value;
    if (value == NothingValue.NOTHING) {
      return;
    }
    Provenance origin = provenance.get();
    session.setLast(value, origin);
    Value made = value;
    boolean named = statement.name() != null;
    if (named || !isQuiet(statement) && !isVarying(statement)) {
      session.tell(listener -> listener.onValue(made));
    }
    if (named) {
      session.setVariable(statement.name(), value, origin);
    } else if (!muted && !isQuiet(statement)) {
      session.listener().onValue(statement.statement(), value, origin);
    }
  }

  /** What a command had found when it was interrupted is shown and kept, and nothing after it. */
  private void keep(Value value, BoundStatement.Pipeline statement, Provenance origin) {
    session.setLast(value, origin);
    if (statement.name() != null) {
      session.setVariable(statement.name(), value, origin);
    }
    if (!muted) {
      session.listener().onValue(statement.statement(), value, origin);
    }
  }

  private Value run(BoundStage stage, Value piped) {
    if (stage instanceof BoundStage.Source source) {
      return source.evaluate(session.forecast());
    }
    BoundStage.Call call = (BoundStage.Call) stage;
    Value input = call.takesLast() ? session.last() : piped;
    // A command's native memory ends with it; what outlives it, it must release on purpose.
    try (Scope scope = Scope.open();
        Interruption asking = Interruption.asking(session.cancellation()::poll)) {
      Arguments arguments = call.complete(input, session);
      Value value =
          remembered(call.command(), arguments)
              .orElseGet(() -> computed(call.command(), arguments));
      return noted(value, session.remarks());
    }
  }

  /** The result of a call from the cache. */
  private Optional<Value> remembered(Command command, Arguments arguments) {
    Optional<ResultCache.Entry> entry =
        session.cache().key(command, arguments).flatMap(session.cache()::find);
    entry.ifPresent(
        found -> {
          Reads reads = session.running().reads();
          found.read().forEach(reads::add);
          reads.remember(found.computed());
        });
    return entry.map(ResultCache.Entry::value);
  }

  private Value computed(Command command, Arguments arguments) {
    Optional<String> before = session.cache().key(command, arguments);
    if (before.isEmpty()) {
      return session.runs().watch(command, arguments, () -> command.run(arguments, session));
    }
    Reads all = session.running().reads();
    Reads own = new Reads();
    Instant start = Instant.now();
    session.setRunning(session.running().with(own));
    Value value;
    try {
      value = session.runs().watch(command, arguments, () -> command.run(arguments, session));
    } finally {
      session.setRunning(session.running().with(all));
      own.slots().forEach(all::add);
    }
    // Files that are read at first use make themselves known only now.
    Optional<String> after = session.cache().key(command, arguments);
    session.cache().put(before.get(), value, own.slots(), start);
    after.ifPresent(key -> session.cache().put(key, value, own.slots(), start));
    return value;
  }

  private Value noted(Value value, List<String> notes) {
    if (notes.isEmpty()) {
      return value;
    } else if (value instanceof TableValue table) {
      return table.withNotes(notes);
    } else if (value instanceof StripsValue strips) {
      return strips.withNotes(notes);
    } else if (value instanceof TreeValue tree) {
      return tree.withNotes(notes);
    } else if (value instanceof GraphValue graph) {
      return graph.withNotes(notes);
    }
    notes.forEach(session.listener()::onNote);
    return value;
  }

  /** Whether its result differs from run to run by its nature. */
  private static boolean isVarying(BoundStatement.Pipeline statement) {
    return statement.stages().stream()
        .anyMatch(
            stage ->
                stage instanceof BoundStage.Call call && call.command().signature().isVarying());
  }

  private static boolean isQuiet(BoundStatement.Pipeline statement) {
    return statement.stages().get(statement.stages().size() - 1) instanceof BoundStage.Call call
        && call.command().signature().isQuiet();
  }

  private static <T> T guarded(SourceText source, Span span, Supplier<T> action) {
    try {
      return action.get();
    } catch (DiagnosticException e) {
      throw e;
    } catch (Fault fault) {
      throw new DiagnosticException(Diagnostic.of(fault, source));
    } catch (ZlensException e) {
      throw new DiagnosticException(Diagnostic.of(e, source, span));
    } catch (OutOfMemoryError e) {
      throw new DiagnosticException(
          new Diagnostic(
              Kind.RUNTIME,
              "out of memory",
              source,
              span,
              "give the program more with -Xmx, or work on fewer prompts at a time",
              e));
    } catch (RuntimeException | StackOverflowError e) {
      throw new DiagnosticException(
          new Diagnostic(
              Kind.BUG,
              "a bug of zlens: " + e,
              source,
              span,
              "please report it with the lines below",
              e));
    }
  }
}
