package org.zlens.dsl.command.builtin;

import java.util.List;
import java.util.stream.Stream;
import org.zlens.dsl.command.Candidate;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.ParameterType;
import org.zlens.dsl.command.Reading;
import org.zlens.dsl.command.engine.HookFormula;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Expression;

/** Reads what the values of a site become. */
final class HookType implements ParameterType<HookFormula> {
  @Override
  public String expected() {
    return "what the values x become, such as x * 0.5 or x + 4 * L2.F417";
  }

  @Override
  public HookFormula read(Expression e, Reading reading) {
    return HookFormula.of(e, reading);
  }

  @Override
  public boolean accepts(ValueKind kind) {
    return kind == ValueKind.NUMBER
        || kind == ValueKind.ADDRESS
        || kind == ValueKind.TEXT
        || kind == ValueKind.LIST
        || kind == ValueKind.ANY;
  }

  @Override
  public List<Candidate> candidates(Forecast forecast) {
    return Stream.concat(
            Stream.of(new Candidate("x", "the values"), new Candidate("mean", "their mean")),
            Stream.of("abs(", "dot(", "norm(", "relu(")
                .map(name -> Candidate.beginning(name, "of values")))
        .toList();
  }
}
