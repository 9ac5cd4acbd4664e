package org.zlens.dsl.session;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.zlens.dsl.command.Binder;
import org.zlens.dsl.command.BoundScript;
import org.zlens.dsl.command.BoundStage;
import org.zlens.dsl.command.BoundStatement;
import org.zlens.dsl.command.Reading;
import org.zlens.dsl.command.engine.CurrentEdits;
import org.zlens.dsl.diagnostic.Diagnostic;
import org.zlens.dsl.diagnostic.DiagnosticException;
import org.zlens.dsl.diagnostic.Fault;
import org.zlens.dsl.session.Session.Running;
import org.zlens.dsl.syntax.Expression;
import org.zlens.dsl.syntax.NamesUsed;
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
    return guarded(
        source,
        new Span(0, source.text().length()),
        () -> new Binder(session.registry(), session.forecast()).bind(script.get()));
  }

  /** Runs a script that has been bound in this session. */
  public void execute(BoundScript script) {
    Running outer = session.running();
    try {
      execute(script.statements(), script.source());
    } finally {
      session.setRunning(outer);
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
        execute(included.script().statements(), included.script().source());
      } else {
        execute((BoundStatement.Pipeline) statement, source);
      }
    }
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
    Provenance origin = origin(loop, source);
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
    Set<Slot<?>> touched = new HashSet<>();
    Supplier<Provenance> provenance = provenance(statement, source, touched);
    session.setRunning(new Running(statement.statement(), provenance, touched));
    Value value = NothingValue.NOTHING;
    for (BoundStage stage : statement.stages()) {
      Value piped = value;
      value =
          guarded(
              source,
              stage.span(),
              () -> {
                session.cancellation().poll();
                return run(stage, piped);
              });
    }
    result = value;
    if (value == NothingValue.NOTHING) {
      return;
    }
    Provenance origin = provenance.get();
    session.setLast(value, origin);
    if (statement.name() != null) {
      session.setVariable(statement.name(), value, origin);
    } else if (!muted && !isQuiet(statement)) {
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
      return noted(call.run(input, session), session.remarks());
    }
  }

  private Value noted(Value value, List<String> notes) {
    if (value instanceof TableValue table) {
      return table.withNotes(notes);
    } else if (value instanceof StripsValue strips) {
      return strips.withNotes(notes);
    } else if (value instanceof TreeValue tree) {
      return tree.withNotes(notes);
    }
    notes.forEach(session.listener()::onNote);
    return value;
  }

  private static boolean isQuiet(BoundStatement.Pipeline statement) {
    return statement.stages().get(statement.stages().size() - 1) instanceof BoundStage.Call call
        && call.command().signature().isQuiet();
  }

  private Supplier<Provenance> provenance(
      BoundStatement.Pipeline statement, SourceText source, Set<Slot<?>> touched) {
    Set<String> names = NamesUsed.in(pipeline(statement.statement()));
    List<ProvenanceInput> variables = variables(names);
    boolean takesLast =
        statement.stages().get(0) instanceof BoundStage.Call call && call.takesLast();
    Lineage lineage = lineage(names, takesLast);
    Instant start = Instant.now();
    long began = System.nanoTime();
    return () ->
        new Provenance(
            Printer.print(statement.statement()),
            source.name(),
            source.line(statement.statement().span().start()),
            Stream.concat(session.inputs(touched).stream(), variables.stream()).toList(),
            session.settings().get(Settings.SEED),
            session.versions(),
            start,
            Duration.ofNanos(System.nanoTime() - began),
            lineage,
            null);
  }

  private static Statement.Pipeline pipeline(Statement statement) {
    return statement instanceof Statement.Let let ? let.pipeline() : (Statement.Pipeline) statement;
  }

  /** Where the values of a loop come from; null if no statement made them. */
  private Provenance origin(BoundStatement.Loop loop, SourceText source) {
    Set<String> names = NamesUsed.in(loop.values());
    Lineage lineage = lineage(names, false);
    if (lineage.statements().isEmpty()) {
      return null;
    }
    return new Provenance(
        "for " + loop.name() + " in " + Printer.print(loop.values()),
        source.name(),
        source.line(loop.statement().span().start()),
        variables(names),
        session.settings().get(Settings.SEED),
        session.versions(),
        Instant.now(),
        Duration.ZERO,
        lineage,
        null);
  }

  /** The statements that made the results which these names stand for. */
  private Lineage lineage(Set<String> names, boolean takesLast) {
    List<Provenance> origins = new ArrayList<>();
    names.forEach(name -> session.origin(name).ifPresent(origins::add));
    boolean saysLast = names.contains("last") && !session.variables().containsKey("last");
    if (takesLast || saysLast || names.contains("_")) {
      session.lastOrigin().ifPresent(origins::add);
    }
    return Lineage.of(origins);
  }

  /** The values of the variables that a statement names: without them it could not run again. */
  private List<ProvenanceInput> variables(Set<String> names) {
    List<ProvenanceInput> inputs = new ArrayList<>();
    for (String name : names) {
      Value value = session.variables().get(name);
      boolean plain =
          value instanceof NumberValue
              || value instanceof TextValue
              || value instanceof AddressValue
              || value instanceof TruthValue;
      if (plain) {
        inputs.add(new ProvenanceInput("variable", name, value.toString()));
      }
    }
    return inputs;
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
