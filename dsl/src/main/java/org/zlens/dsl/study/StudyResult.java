package org.zlens.dsl.study;

import java.util.List;
import java.util.Optional;
import org.zlens.dsl.diagnostic.Diagnostic;
import org.zlens.engine.report.Plot;

/**
 * What a run of a study has come to.
 *
 * @param model the model that it ran on
 * @param verdicts one for each number that is expected or was found
 * @param plots the pictures that it drew
 * @param seconds how long the recipe took
 * @param failure what ended the recipe early, such as an {@code expect} that does not hold
 */
public record StudyResult(
    Study study,
    String model,
    List<Verdict> verdicts,
    List<Plot> plots,
    double seconds,
    Optional<Diagnostic> failure) {
  /** Keeps the verdicts and plots from changing. */
  public StudyResult {
    verdicts = List.copyOf(verdicts);
    plots = List.copyOf(plots);
  }

  /** Whether the recipe went through and every number is what it should be. */
  public boolean holds() {
    return failure.isEmpty() && good() == verdicts.size();
  }

  /** How many numbers are what they should be. */
  public int good() {
    return (int) verdicts.stream().filter(verdict -> verdict.outcome().isGood()).count();
  }
}
