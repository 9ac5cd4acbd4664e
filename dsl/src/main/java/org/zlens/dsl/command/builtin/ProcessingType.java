package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.zlens.dsl.command.Candidate;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.ParameterType;
import org.zlens.dsl.command.Reading;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Expression;
import org.zlens.engine.model.WeightStep;

/** Reads steps of weight processing: {@code default}, {@code none}, or some by name. */
final class ProcessingType implements ParameterType<Set<WeightStep>> {
  private static final String DEFAULT = "default";
  private static final String NONE = "none";
  private static final ParameterType<List<String>> WORDS = Types.listOf(Types.NAME);

  @Override
  public String expected() {
    return "'default', 'none', or steps such as [fold_ln, center_unembed]";
  }

  @Override
  public Set<WeightStep> read(Expression e, Reading reading) {
    List<String> words = WORDS.read(e, reading);
    if (words == null) {
      return null;
    }
    if (words.equals(List.of(DEFAULT))) {
      return WeightStep.all();
    }
    Set<WeightStep> steps = EnumSet.noneOf(WeightStep.class);
    for (String word : words) {
      if (words.size() > 1 && (word.equals(DEFAULT) || word.equals(NONE))) {
        throw reading.fault(e, "'" + word + "' stands alone", null);
      }
      WeightStep step = step(word);
      if (step != null) {
        steps.add(step);
      } else if (!word.equals(NONE)) {
        return null;
      }
    }
    return steps;
  }

  private static WeightStep step(String word) {
    for (WeightStep step : WeightStep.values()) {
      if (step.label().equals(word)) {
        return step;
      }
    }
    return null;
  }

  @Override
  public boolean accepts(ValueKind kind) {
    return WORDS.accepts(kind);
  }

  @Override
  public List<Candidate> candidates(Forecast forecast) {
    List<Candidate> all = new ArrayList<>();
    all.add(new Candidate(DEFAULT, "all steps, as TransformerLens does"));
    all.add(new Candidate(NONE, "the weights as stored"));
    for (WeightStep step : WeightStep.values()) {
      all.add(new Candidate(step.label(), "this step alone"));
    }
    return all;
  }
}
