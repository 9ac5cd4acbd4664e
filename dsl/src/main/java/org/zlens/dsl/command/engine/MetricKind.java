package org.zlens.dsl.command.engine;

import java.util.Arrays;
import java.util.Optional;

/** The metrics that have names. */
public enum MetricKind {
  LOGIT_DIFFERENCE(
      "logit-difference", "logits", "logit of the answer minus that of what it is over, at END"),
  LOSS("loss", "nats", "mean loss on the next tokens of each prompt"),
  PROBABILITY("probability", "", "probability of the answer at END"),
  LOG_PROBABILITY("log-probability", "nats", "log probability of the answer at END"),
  KL("kl", "nats", "divergence KL(clean || changed) of the predictions at END");

  private final String word;
  private final String unit;
  private final String says;

  MetricKind(String word, String unit, String says) {
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

  /** How scripts write all of them. */
  public static String[] words() {
    return Arrays.stream(values()).map(MetricKind::word).toArray(String[]::new);
  }

  /** The one that a script writes so. */
  public static Optional<MetricKind> of(String word) {
    return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
  }
}
