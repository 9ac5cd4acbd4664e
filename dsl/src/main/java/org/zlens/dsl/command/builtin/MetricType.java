package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.zlens.dsl.command.Candidate;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.ParameterType;
import org.zlens.dsl.command.Reading;
import org.zlens.dsl.command.engine.MetricChoice;
import org.zlens.dsl.command.engine.MetricFormula;
import org.zlens.dsl.command.engine.MetricKind;
import org.zlens.dsl.session.TextValue;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Expression;

/** Reads a metric: the name of one, {@code default}, or a formula. */
final class MetricType implements ParameterType<MetricType.Chosen> {
  private static final String DEFAULT = "default";

  /**
   * What was chosen.
   *
   * @param choice the metric; empty for the default
   */
  record Chosen(Optional<MetricChoice> choice) {}

  private static List<String> names() {
    return Stream.concat(Stream.of(DEFAULT), Stream.of(MetricKind.words())).toList();
  }

  @Override
  public String expected() {
    return names().stream().map(name -> "'" + name + "'").collect(Collectors.joining(" or "))
        + " or a formula such as logit(\" Ann\") - logit(\" Bob\")";
  }

  @Override
  public Chosen read(Expression e, Reading reading) {
    if (MetricFormula.looksLike(e)) {
      MetricFormula formula = MetricFormula.of(e, reading);
      return new Chosen(
          Optional.of(
              new MetricChoice(
                  Optional.empty(), Optional.of(formula), List.of(), List.of(), Optional.empty())));
    }
    String name = null;
    if (e instanceof Expression.Word word) {
      name = word.text();
    } else if (reading.value(e) instanceof TextValue text) {
      name = text.text();
    }
    if (DEFAULT.equals(name)) {
      return new Chosen(Optional.empty());
    }
    return Optional.ofNullable(name)
        .flatMap(MetricKind::of)
        .map(kind -> new Chosen(Optional.of(MetricChoice.of(kind))))
        .orElse(null);
  }

  @Override
  public boolean accepts(ValueKind kind) {
    return kind == ValueKind.TEXT || kind == ValueKind.ANY;
  }

  @Override
  public List<Candidate> candidates(Forecast forecast) {
    List<Candidate> all = new ArrayList<>();
    names().forEach(name -> all.add(new Candidate(name, "")));
    MetricFormula.QUANTITIES
        .keySet()
        .forEach(name -> all.add(Candidate.beginning(name + "(", "of a token, in a formula")));
    return all;
  }
}
