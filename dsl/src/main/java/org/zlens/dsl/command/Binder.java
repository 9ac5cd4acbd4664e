package org.zlens.dsl.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.zlens.dsl.diagnostic.Diagnostic;
import org.zlens.dsl.diagnostic.DiagnosticException;
import org.zlens.dsl.diagnostic.Fault;
import org.zlens.dsl.diagnostic.Suggestion;
import org.zlens.dsl.session.FileAccess;
import org.zlens.dsl.session.Interpreter;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Expression;
import org.zlens.dsl.syntax.Printer;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.dsl.syntax.Script;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.dsl.syntax.Span;
import org.zlens.dsl.syntax.Stage;
import org.zlens.dsl.syntax.Statement;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/**
 * Checks a whole script before its first line runs: verbs, words, types, pipes, variables, and,
 * through the {@link Forecast}, addresses and labels.
 */
public final class Binder {
  private final Registry registry;
  private final Forecast forecast;
  private SourceText source;
  private boolean laterTurn;

  /** A binder of scripts one after the other; what one changes, the next one knows. */
  public Binder(Registry registry, Forecast forecast) {
    this.registry = registry;
    this.forecast = forecast;
  }

  /** The script ready to run. Throws {@link DiagnosticException} at the first thing wrong. */
  public BoundScript bind(Script script) {
    source = script.source();
    List<BoundStatement> statements = new ArrayList<>();
    for (Statement statement : script.statements()) {
      statements.add(placing(script.source(), statement.span(), () -> bind(statement)));
    }
    return new BoundScript(script.source(), statements);
  }

  private static BoundStatement placing(
      SourceText source, Span span, Supplier<BoundStatement> bind) {
    try {
      return bind.get();
    } catch (Fault fault) {
      throw new DiagnosticException(Diagnostic.of(fault, source));
    } catch (ZlensException e) {
      throw new DiagnosticException(Diagnostic.of(e, source, span));
    }
  }

  private BoundStatement bind(Statement statement) {
    if (statement instanceof Statement.For loop) {
      return bind(loop);
    }
    if (statement instanceof Statement.With with) {
      return bind(with);
    }
    if (statement instanceof Statement.Param param) {
      return bind(param);
    }
    if (statement instanceof Statement.Include include) {
      return bind(include);
    }
    if (statement instanceof Statement.Let let) {
      return bind(let);
    }
    return bind((Statement.Pipeline) statement, null, statement);
  }

  private BoundStatement.Pipeline bind(Statement.Let let) {
    BoundStatement.Pipeline bound = bind(let.pipeline(), let.name(), let);
    if (bound.kind() == ValueKind.NOTHING) {
      throw new Fault(
          Kind.TYPE,
          let.pipeline().span(),
          "this gives no value that '" + Quoted.printable(let.name()) + "' could name",
          null);
    }
    if (forecast.last() != null) {
      forecast.define(let.name(), forecast.last());
    } else {
      forecast.declare(let.name(), bound.kind(), forecast.lastColumns());
    }
    return bound;
  }

  private BoundStatement bind(Statement.Param param) {
    if (param.initial() == null) {
      throw new Fault(
          Kind.NAME,
          param.nameSpan(),
          "no value is given for " + Quoted.of(param.name()),
          "give one: run FILE with " + Quoted.printable(param.name()) + " = ...");
    }
    BoundStatement.Pipeline bound =
        bind(new Statement.Let(param.span(), param.nameSpan(), param.name(), param.value()));
    return new BoundStatement.Pipeline(param, bound.name(), bound.stages());
  }

  private BoundStatement bind(Statement.Include include) {
    if (forecast.files().isSafe()) {
      throw new Fault(
          Kind.USAGE,
          include.span(),
          "'include' " + Capability.RUN_SCRIPTS.does() + ", which --safe refuses",
          "run it without --safe if you trust the script");
    }
    String name = includedName(include.file());
    Path beside = source.path() == null ? null : source.path().getParent();
    String path = beside == null ? name : FileAccess.resolve(beside, name).toString();
    Path file = forecast.files().input(path);
    BoundScript script =
        forecast
            .includes()
            .once(
                file,
                name,
                () ->
                    new Binder(registry, forecast)
                        .bind(definitions(Interpreter.parse(SourceText.read(file, name)))));
    // Where it lies does not hang on where the statement stands, once it is in a transcript.
    String place = file.toAbsolutePath().normalize().toString();
    Expression placed = new Expression.Text(include.file().span(), place);
    return new BoundStatement.Included(
        new Statement.Include(include.span(), placed),
        script == null ? new BoundScript(source, List.of()) : script);
  }

  private String includedName(Expression file) {
    try {
      String name = Types.PATH.read(file, new Reading(forecast));
      if (name != null) {
        return name;
      }
    } catch (NotYetKnown later) {
      throw new Fault(
          Kind.TYPE, file.span(), "which file is included must be known before the run", null);
    }
    throw new Fault(
        Kind.TYPE,
        file.span(),
        "expected " + Types.PATH.expected() + ", found " + Quoted.of(Printer.print(file)),
        null);
  }

  private static Script definitions(Script script) {
    for (Statement statement : script.statements()) {
      if (!(statement instanceof Statement.Let || statement instanceof Statement.Include)) {
        throw new DiagnosticException(
            Diagnostic.at(
                Kind.TYPE,
                "an included script only names values, with 'let'",
                script.source(),
                statement.span(),
                "a script that does more can be run: run "
                    + Quoted.printable(script.source().name())));
      }
    }
    return script;
  }

  /**
   * Checks the body as the first and as a later turn will find things. What it names changes from
   * turn to turn, so none of that is a constant in it.
   */
  private BoundStatement bind(Statement.For loop) {
    Value values = constant(loop.values());
    if (values != null && values.kind() != ValueKind.LIST) {
      throw new Fault(
          Kind.TYPE,
          loop.values().span(),
          "expected a list, a range or a column, found " + values.kind().phrase(),
          null);
    }
    forecast.declare(loop.name(), ValueKind.ANY);
    vary(loop.body());
    List<BoundStatement> body = bindAll(loop.body());
    vary(loop.body());
    if (!laterTurn) {
      // Loops inside need no later turn of their own here; it would double the work at each level.
      laterTurn = true;
      bindAll(loop.body());
      laterTurn = false;
      vary(loop.body());
    }
    return new BoundStatement.Loop(loop, loop.name(), loop.values(), body);
  }

  private BoundStatement bind(Statement.With with) {
    List<BoundStage.Call> edits = with.edits().stream().map(this::edit).toList();
    return new BoundStatement.With(with, edits, bindAll(with.body()));
  }

  private BoundStage.Call edit(Statement.Pipeline written) {
    for (Stage stage : written.stages()) {
      Optional<Verb> verb = stage instanceof Stage.Call call ? find(call) : Optional.empty();
      if (verb.isPresent() && !(verb.get().command() instanceof EditingCommand)) {
        throw noEdit("'" + verb.get().command().signature().verb() + "'", verb.get().span());
      }
    }
    if (written.stages().size() > 1) {
      throw new Fault(
          Kind.TYPE,
          written.stages().get(1).span(),
          "an edit is one call, without a pipe",
          "several edits stand side by side: with ablate ..., steer ... { }");
    }
    if (!(bind(written.stages().get(0), null, Optional.empty()) instanceof BoundStage.Call call)) {
      throw noEdit("a value", written.span());
    }
    for (Parameter<?> parameter : ((EditingCommand) call.command()).shown()) {
      if (call.arguments().has(parameter)) {
        throw new Fault(
            Kind.TYPE,
            call.arguments().span(parameter),
            "'" + parameter.word() + "' says how a result is shown, and an edit has none",
            null);
      }
    }
    return call;
  }

  private Fault noEdit(String what, Span span) {
    return new Fault(
        Kind.TYPE,
        span,
        what + " gives no edit that a block could hold in force",
        "verbs that give one: " + String.join(", ", registry.editing()));
  }

  private List<BoundStatement> bindAll(List<Statement> statements) {
    List<BoundStatement> bound = new ArrayList<>();
    statements.forEach(statement -> bound.add(bind(statement)));
    return bound;
  }

  private void vary(List<Statement> body) {
    for (Statement statement : body) {
      if (statement instanceof Statement.For inner) {
        vary(inner.body());
      } else if (statement instanceof Statement.With with) {
        vary(with.body());
      } else if (statement instanceof Statement.Let let
          && forecast.variables().containsKey(let.name())) {
        forecast.declare(let.name(), ValueKind.ANY);
      }
    }
    forecast.setLast(ValueKind.ANY, null);
  }

  private BoundStatement.Pipeline bind(
      Statement.Pipeline pipeline, String name, Statement statement) {
    BoundStage quoting = quoting(pipeline);
    if (quoting != null) {
      forecast.setLast(quoting.kind(), null);
      return new BoundStatement.Pipeline(statement, name, List.of(quoting));
    }
    List<BoundStage> stages = new ArrayList<>();
    ValueKind piped = null;
    Optional<List<String>> columns = Optional.empty();
    Value constant = null;
    for (Stage stage : pipeline.stages()) {
      BoundStage bound = bind(stage, piped, columns);
      constant = bound instanceof BoundStage.Source source ? source.constant() : null;
      stages.add(bound);
      piped = bound.kind();
      columns = bound.columns();
    }
    if (constant != null) {
      forecast.setLast(piped, constant);
    } else if (piped != ValueKind.NOTHING) {
      forecast.setLastTable(piped, columns);
    }
    return new BoundStatement.Pipeline(statement, name, stages);
  }

  /** A command that takes the rest of the statement without running it, or null. */
  private BoundStage quoting(Statement.Pipeline pipeline) {
    if (!(pipeline.stages().get(0) instanceof Stage.Call call)) {
      return null;
    }
    Command command = registry.find(call.verb()).orElse(null);
    if (command == null || command.signature().quoted() == null) {
      return null;
    }
    if (call.arguments().isEmpty()) {
      throw new Fault(
          Kind.TYPE,
          call.verbSpan(),
          "'" + call.verb() + "' wants a statement",
          "such as " + call.verb() + " set | top 2");
    }
    Expression first = call.arguments().get(0);
    List<Expression> rest = call.arguments().subList(1, call.arguments().size());
    List<Stage> stages = new ArrayList<>(pipeline.stages());
    stages.set(
        0,
        first instanceof Expression.Word verb && !verb.quoted()
            ? new Stage.Call(first.span().to(call.span()), first.span(), verb.text(), rest)
            : new Stage.Source(first.span(), first));
    Statement.Pipeline quoted = new Statement.Pipeline(first.span().to(pipeline.span()), stages);
    BoundStatement.Pipeline bound =
        new Binder(registry, forecast.copy()).bind(quoted, null, quoted);
    Arguments arguments = new Arguments(call.span(), command.signature());
    arguments.put(command.signature().quoted(), call.arguments(), quoted.span(), bound);
    return new BoundStage.Call(
        pipeline.span(), command.signature().result(), Optional.empty(), command, arguments, false);
  }

  private BoundStage bind(Stage stage, ValueKind piped, Optional<List<String>> columns) {
    if (stage instanceof Stage.Source source) {
      return source(source.expression());
    }
    Stage.Call call = (Stage.Call) stage;
    Optional<Verb> found = find(call);
    if (found.isPresent()) {
      Verb verb = found.get();
      return call(verb.command(), call.span(), verb.span(), verb.arguments(), piped, columns);
    }
    if (piped == null && call.arguments().isEmpty() && isVariable(call.verb())) {
      return source(new Expression.Word(call.span(), call.verb(), false));
    }
    List<String> longer =
        registry.verbs().stream().filter(verb -> verb.startsWith(call.verb() + " ")).toList();
    if (!longer.isEmpty()) {
      throw Fault.missing(
          call.verbSpan(),
          Quoted.of(call.verb()) + " needs a word that says what",
          "verbs are " + longer.stream().map(Quoted::of).collect(Collectors.joining(" and ")));
    }
    throw new Fault(
        Kind.NAME,
        call.verbSpan(),
        "no verb " + Quoted.of(call.verb()),
        Suggestion.didYouMean(call.verb(), registry.verbs(), "type 'help' for the verbs"));
  }

  /** A command as it is called, with what follows its one or two words. */
  private record Verb(Command command, Span span, List<Expression> arguments) {}

  private Optional<Verb> find(Stage.Call call) {
    List<Expression> arguments = call.arguments();
    if (!arguments.isEmpty() && arguments.get(0) instanceof Expression.Word word) {
      Optional<Command> pair = registry.find(call.verb(), word.text());
      if (pair.isPresent()) {
        Span span = call.verbSpan().to(word.span());
        return Optional.of(new Verb(pair.get(), span, arguments.subList(1, arguments.size())));
      }
    }
    return registry.find(call.verb()).map(c -> new Verb(c, call.verbSpan(), arguments));
  }

  private boolean isVariable(String name) {
    return name.equals("last") || forecast.variables().containsKey(name);
  }

  private BoundStage source(Expression expression) {
    Value constant = null;
    ValueKind kind;
    try {
      constant = named(expression);
      kind = constant.kind();
    } catch (NotYetKnown later) {
      kind = later.kind();
    }
    if (kind == ValueKind.NOTHING) {
      throw new Fault(Kind.NAME, expression.span(), "there is no result yet", null);
    }
    return new BoundStage.Source(
        expression.span(), kind, columns(expression), expression, constant);
  }

  /** The columns of the table that a source will hold, where they are known. */
  private Optional<List<String>> columns(Expression source) {
    String name =
        source instanceof Expression.Word word
            ? word.text()
            : source instanceof Expression.Variable variable ? variable.text() : "";
    return Reading.isLast(name, forecast) ? forecast.lastColumns() : forecast.columns(name);
  }

  /** The value of an expression if it is known, else null; a fault if it can have none. */
  private Value constant(Expression expression) {
    try {
      return named(expression);
    } catch (NotYetKnown later) {
      return null;
    }
  }

  private Value named(Expression expression) {
    Value value = new Reading(forecast).value(expression);
    if (value == null) {
      String name = Printer.print(expression);
      throw new Fault(
          Kind.NAME,
          expression.span(),
          "nothing here is named " + Quoted.of(name),
          Reading.variableHint(forecast, name));
    }
    return value;
  }

  private BoundStage call(
      Command command,
      Span span,
      Span verb,
      List<Expression> written,
      ValueKind piped,
      Optional<List<String>> columns) {
    Signature signature = command.signature();
    if (forecast.files().isSafe()) {
      checkSafe(signature, verb);
    }
    Arguments arguments = new ArgumentBinder(signature, span, verb, written, forecast).bind();
    boolean takesLast =
        piped == null && !signature.input().isEmpty() && !signature.isInputOptional();
    ValueKind input = takesLast ? forecast.lastKind() : piped;
    checkInput(signature, verb, input, takesLast);
    arguments.setInputKind(input == null ? ValueKind.NOTHING : input);
    arguments.setInputColumns(takesLast ? forecast.lastColumns() : columns);
    try {
      command.check(arguments, forecast);
    } catch (ZlensException e) {
      throw new Fault(e.kind(), span, e.getMessage(), e.hint());
    } catch (NotYetKnown later) {
      throw new IllegalStateException(signature.verb() + " checks what is not known yet", later);
    }
    ValueKind kind = command.resultKind(arguments, arguments.inputKind());
    return new BoundStage.Call(
        span, kind, command.resultColumns(arguments, forecast), command, arguments, takesLast);
  }

  private static void checkSafe(Signature signature, Span verb) {
    signature.needs().stream()
        .min(Comparator.naturalOrder())
        .ifPresent(
            capability -> {
              throw new Fault(
                  Kind.USAGE,
                  verb,
                  "'" + signature.verb() + "' " + capability.does() + ", which --safe refuses",
                  "run it without --safe if you trust the script");
            });
  }

  private static void checkInput(
      Signature signature, Span verb, ValueKind input, boolean takesLast) {
    Set<ValueKind> wanted = signature.input();
    if (input == null
        || input == ValueKind.ANY
        || wanted.contains(ValueKind.ANY) && input != ValueKind.NOTHING) {
      return;
    }
    if (!takesLast && input == ValueKind.NOTHING) {
      throw new Fault(
          Kind.TYPE, verb, "nothing comes through this pipe for '" + signature.verb() + "'", null);
    }
    if (wanted.isEmpty()) {
      throw new Fault(
          Kind.TYPE,
          verb,
          "'" + signature.verb() + "' takes nothing from a pipe, found " + input.phrase(),
          null);
    }
    if (takesLast && input == ValueKind.NOTHING) {
      throw new Fault(
          Kind.TYPE,
          verb,
          "'" + signature.verb() + "' works on a result, and there is none yet",
          "pipe one into it: ... | " + signature.verb());
    }
    if (!wanted.contains(input)) {
      throw new Fault(
          Kind.TYPE,
          verb,
          "'"
              + signature.verb()
              + "' takes "
              + ValueKind.phrase(wanted)
              + ", found "
              + input.phrase()
              + (takesLast ? ", the last result" : " from the pipe"),
          null);
    }
  }
}
