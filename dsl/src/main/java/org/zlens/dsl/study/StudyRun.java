package org.zlens.dsl.study;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.zlens.dsl.command.ScriptArguments;
import org.zlens.dsl.diagnostic.Diagnostic;
import org.zlens.dsl.diagnostic.DiagnosticException;
import org.zlens.dsl.session.Findings;
import org.zlens.dsl.session.Interpreter;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.study.Verdict.Outcome;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.dsl.syntax.SourceText;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.report.Plot;

/** Runs the recipe of a study in a session and holds what it finds against what it should find. */
public final class StudyRun {
  private static final String MODEL = "model";

  /** In the value of a parameter: the folder of the study, for files that lie beside its recipe. */
  private static final String FOLDER = "{study}";

  private final Study study;
  private final Map<String, String> arguments;
  private final String model;

  /**
   * @param arguments a {@code NAME=VALUE} for each parameter that is given a value: the model, and
   *     what shall be other than expected.json says for it
   * @throws ZlensException of kind USAGE where one is no such thing, or the study is not known to
   *     run on the model
   */
  public StudyRun(Study study, List<String> arguments) {
    this.study = study;
    Map<String, String> given = new LinkedHashMap<>();
    for (String word : arguments) {
      int equals = word.indexOf('=');
      if (equals <= 0 || given.put(word.substring(0, equals), word.substring(equals + 1)) != null) {
        throw new ZlensException(
            Kind.USAGE, "expected NAME=VALUE once for each name, found " + Quoted.of(word), null);
      }
    }
    this.model = given.getOrDefault(MODEL, Study.SPRIG);
    if (!study.models().containsKey(model)) {
      throw new ZlensException(
          Kind.USAGE,
          "the study '" + study.name() + "' expects nothing of the model " + Quoted.of(model),
          "it knows "
              + String.join(", ", study.models().keySet())
              + "; 'zlens run "
              + study.recipe()
              + " model=...' runs its recipe on any");
    }
    String folder = study.folder().toAbsolutePath().normalize().toString();
    this.arguments = new LinkedHashMap<>(study.models().get(model));
    this.arguments.replaceAll((name, value) -> value.replace(FOLDER, folder));
    this.arguments.put(MODEL, model);
    this.arguments.putAll(given);
  }

  /** The model that it runs on. */
  public String model() {
    return model;
  }

  /** The parameters of the recipe, each as {@code NAME=VALUE}. */
  public List<String> words() {
    return arguments.entrySet().stream().map(one -> one.getKey() + "=" + one.getValue()).toList();
  }

  /**
   * Runs the recipe.
   *
   * @param session a fresh one
   * @param plots where its pictures come up, as its listener hears of them
   */
  public StudyResult run(Session session, List<Plot> plots) {
    Path recipe = study.recipe();
    long start = System.nanoTime();
    Optional<Diagnostic> failure = Optional.empty();
    try {
      SourceText source = SourceText.read(recipe, study.name() + "/" + recipe.getFileName());
      new Interpreter(session).run(ScriptArguments.set(Interpreter.parse(source), words()));
    } catch (DiagnosticException e) {
      if (e.diagnostic().kind() == Kind.INTERRUPTED) {
        throw e;
      }
      failure = Optional.of(e.diagnostic());
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    Map<String, Double> found = Findings.of(session).numbers();
    return new StudyResult(study, model, verdicts(study, model, found), plots, seconds, failure);
  }

  /** Holds numbers against those that a study expects on a model. */
  static List<Verdict> verdicts(Study study, String model, Map<String, Double> found) {
    List<Verdict> verdicts = new ArrayList<>();
    Map<String, Double> left = new LinkedHashMap<>(found);
    for (ExpectedFinding expected : study.findings()) {
      if (expected.on(model).isEmpty()) {
        continue;
      }
      Double number = left.remove(expected.name());
      OptionalDouble measured = number == null ? OptionalDouble.empty() : OptionalDouble.of(number);
      verdicts.add(
          new Verdict(
              expected.name(),
              Optional.of(expected),
              measured,
              outcome(expected.on(model).get(), measured)));
    }
    left.forEach(
        (name, number) ->
            verdicts.add(
                new Verdict(name, Optional.empty(), OptionalDouble.of(number), Outcome.UNLISTED)));
    return verdicts;
  }

  private static Outcome outcome(Expectation expectation, OptionalDouble measured) {
    if (measured.isEmpty()) {
      return Outcome.MISSING;
    }
    if (!expectation.isKnown()) {
      return Outcome.NOT_PUBLISHED;
    }
    return expectation.holds(measured.getAsDouble()) ? Outcome.HOLDS : Outcome.FAILS;
  }
}
