package org.zlens.dsl.command.builtin;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Assignment;
import org.zlens.dsl.command.Binder;
import org.zlens.dsl.command.Candidate;
import org.zlens.dsl.command.Capability;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.FileCandidates;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Reading;
import org.zlens.dsl.command.ScriptParameters;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.kotlin.ScriptRunner;
import org.zlens.dsl.kotlin.SharedNames;
import org.zlens.dsl.session.Interpreter;
import org.zlens.dsl.session.NothingValue;
import org.zlens.dsl.session.ProvenanceInput;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Script;
import org.zlens.dsl.syntax.SourceText;

/** {@code run}: a script in this session. */
public final class RunCommand implements Command {
  private static final Parameter<String> FILE =
      Parameter.of("file", Types.PATH, "the script; its errors are reported under its name");

  private static final Parameter<List<Assignment>> WITH =
      Parameter.after("with", "name = value", Types.ASSIGNMENT, "values for its parameters")
          .many()
          .optional();

  private static final Signature SIGNATURE =
      Signature.verb("run", Group.SESSION, "run a script in this session")
          .needs(Capability.RUN_SCRIPTS)
          .details(
              """
              Its statements see the variables of this session, and what it names stays. It is \
              checked as a whole together with the script that runs it, before anything runs. \
              What it can be run with, it says at its top: 'param n = 100' with a default, \
              'param n' without; 'run "study.zl" with n = 3, model = "sprig"' gives values.""")
          .parameters(FILE, WITH)
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    if (!arguments.isKnown(FILE)) {
      forecast.forgetAll();
      return;
    }
    String name = arguments.get(FILE);
    SourceText source = SourceText.read(forecast.files().input(name), name);
    if (ScriptRunner.isScript(name)) {
      arguments.find(WITH).orElse(List.of()).forEach(given -> given.foretold(forecast));
      forecast.forgetAll();
      SharedNames.in(source.text(), false)
          .forEach(shared -> forecast.declare(shared, ValueKind.ANY));
      return;
    }
    Script script =
        ScriptParameters.set(
            Interpreter.parse(source),
            arguments.find(WITH).orElse(List.of()),
            arguments.span(),
            assignment -> assignment.foretold(forecast));
    forecast.nested(() -> new Binder(forecast.registry(), forecast).bind(script));
  }

  @Override
  public List<Candidate> complete(
      Parameter<?> parameter, List<String> written, String typed, Forecast forecast) {
    return parameter == FILE
        ? FileCandidates.of(forecast, typed, RunCommand::isScript)
        : Command.super.complete(parameter, written, typed, forecast);
  }

  private static boolean isScript(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".zl") || ScriptRunner.isScript(name);
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    String name = arguments.get(FILE);
    SourceText source = SourceText.read(session.path(name), name);
    session.addRead(new ProvenanceInput("script", session.files().name(source), source.sha256()));
    if (ScriptRunner.isScript(name)) {
      new ScriptRunner().run(source, texts(arguments, session.forecast()), session);
      return NothingValue.NOTHING;
    }
    Interpreter interpreter = new Interpreter(session);
    Forecast now = session.forecast();
    Script script =
        ScriptParameters.set(
            Interpreter.parse(source),
            arguments.find(WITH).orElse(List.of()),
            arguments.span(),
            assignment -> assignment.foretold(now));
    interpreter.execute(interpreter.bind(script));
    return NothingValue.NOTHING;
  }

  /** What is given to a Kotlin script, each value as a text. */
  private static Map<String, String> texts(Arguments arguments, Forecast now) {
    Map<String, String> all = new LinkedHashMap<>();
    for (Assignment given : arguments.find(WITH).orElse(List.of())) {
      given.foretold(now);
      all.put(given.name(), new Reading(now).value(given.expression()).toString());
    }
    return all;
  }
}
