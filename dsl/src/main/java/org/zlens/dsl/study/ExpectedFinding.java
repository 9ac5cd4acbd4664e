package org.zlens.dsl.study;

import java.util.Map;
import java.util.Optional;

/**
 * A number that a recipe must find.
 *
 * @param about what it is, in a sentence
 * @param control whether it is what the claim is held against
 * @param models what it should be, by model: each model that it is found on
 */
public record ExpectedFinding(
    String name, String about, boolean control, Map<String, Expectation> models) {
  /** Keeps the expectations from changing. */
  public ExpectedFinding {
    models = Map.copyOf(models);
  }

  /** What it should be on a model; empty if it is not found there. */
  public Optional<Expectation> on(String model) {
    return Optional.ofNullable(models.get(model));
  }
}
