package org.zlens.dsl.command.engine;

import java.util.Arrays;
import org.zlens.engine.data.PromptSet;
import org.zlens.engine.intervene.Metric;

/** The metrics that a session can be set to. */
public enum MetricChoice {
  LOGIT_DIFFERENCE(
      "logit-difference", "logits", "logit of the answer minus that of what it is over, at END"),
  LOSS("loss", "nats", "mean loss on the next tokens of each prompt"),
  PROBABILITY("probability", "", "probability of the answer at END"),
  LOG_PROBABILITY("log-probability", "nats", "log probability of the answer at END");

  private final String word;
  private final String unit;
  private final String says;

  MetricChoice(String word, String unit, String says) {
    this.word = word;
    this.unit = unit;
    this.says = says;
  }

  /** How a script writes it. */
  public String word() {
    return word;
  }

  /** The unit of its numbers, or an empty text. */
  public String unit() {
    return unit;
  }

  /** What it measures. */
  public String says() {
    return says;
  }

  /** Whether it needs an answer pair in each prompt. */
  public boolean needsAnswer() {
    return this != LOSS;
  }

  /** The metric on some prompts; an exception names the first that lacks an answer it needs. */
  public Metric of(PromptSet prompts) {
    return switch (this) {
      case LOGIT_DIFFERENCE -> Metric.logitDifference(prompts);
      case LOSS -> new Metric.NextTokenLoss();
      case PROBABILITY -> Metric.probability(prompts);
      case LOG_PROBABILITY -> Metric.logProbability(prompts);
    };
  }

  /** What prompts are measured by unless the user chooses. */
  public static MetricChoice usual(PromptSet prompts) {
    boolean answered = prompts.prompts().stream().allMatch(prompt -> prompt.answer().isPresent());
    return answered ? LOGIT_DIFFERENCE : LOSS;
  }

  /** How scripts write all of them. */
  public static String[] words() {
    return Arrays.stream(values()).map(MetricChoice::word).toArray(String[]::new);
  }

  /** The one that a script writes so. */
  public static MetricChoice of(String word) {
    return Arrays.stream(values()).filter(m -> m.word.equals(word)).findFirst().orElseThrow();
  }
}
