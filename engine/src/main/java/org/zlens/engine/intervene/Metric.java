package org.zlens.engine.intervene;

import java.util.Arrays;
import java.util.List;
import org.zlens.engine.data.AnswerPair;
import org.zlens.engine.data.PromptSet;
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Tensor;

/**
 * One number for each prompt, read from the logits of a pass.
 *
 * <p>A metric first reads the little that it needs, so that nobody holds on to all logits of a
 * clean pass, then scores a reading against the clean one.
 */
public sealed interface Metric {
  /** What it is, for tables, for example {@code logit difference}. */
  String name();

  /** What this metric needs of logits {@code [batch, pos, d_vocab]}. */
  Tensor read(Batch batch, Tensor logits);

  /** One number for each prompt. */
  double[] score(Tensor reading, Tensor clean);

  /**
   * What prompts are usually measured by: the logit difference at the end where all have an answer
   * pair, else the loss on their next tokens.
   */
  static Metric of(PromptSet prompts) {
    boolean answered = prompts.prompts().stream().allMatch(prompt -> prompt.answer().isPresent());
    return answered ? logitDifference(prompts) : new NextTokenLoss();
  }

  /**
   * The logit difference of each prompt's answer pair at its end.
   *
   * @throws org.zlens.engine.ZlensException that names the first prompt without a pair
   */
  static Metric logitDifference(PromptSet prompts) {
    List<AnswerPair> pairs = prompts.answers();
    return new LogitDifference(
        prompts.ends(),
        pairs.stream().mapToLong(AnswerPair::answerId).toArray(),
        pairs.stream().mapToLong(AnswerPair::overId).toArray());
  }

  /**
   * The probability of each prompt's answer at its end.
   *
   * @throws org.zlens.engine.ZlensException that names the first prompt without an answer pair
   */
  static Metric probability(PromptSet prompts) {
    return new TokenProbability(prompts.ends(), answers(prompts), false);
  }

  /** The logarithm of {@link #probability}, in nats. */
  static Metric logProbability(PromptSet prompts) {
    return new TokenProbability(prompts.ends(), answers(prompts), true);
  }

  private static long[] answers(PromptSet prompts) {
    return prompts.answers().stream().mapToLong(AnswerPair::answerId).toArray();
  }

  private static double[] numbers(Tensor perPrompt) {
    float[] values = perPrompt.floats();
    double[] numbers = new double[values.length];
    Arrays.setAll(numbers, i -> values[i]);
    return numbers;
  }

  /**
   * The logit of one token above that of another, prompt by prompt.
   *
   * @param at position of each prompt whose logits are read, usually its last
   * @param answers token that counts for
   * @param others token that counts against
   */
  record LogitDifference(int[] at, long[] answers, long[] others) implements Metric {
    /** Checks that each prompt has all three. */
    public LogitDifference {
      if (at.length != answers.length || at.length != others.length) {
        throw new IllegalArgumentException("positions and tokens must come in equal numbers");
      }
    }

    @Override
    public String name() {
      return "logit difference";
    }

    @Override
    public Tensor read(Batch batch, Tensor logits) {
      long[] pairs = new long[2 * at.length];
      for (int row = 0; row < at.length; row++) {
        pairs[2 * row] = answers[row];
        pairs[2 * row + 1] = others[row];
      }
      return Cells.each(at).take(logits).gather(-1, Tensor.of(pairs, at.length, 2));
    }

    @Override
    public double[] score(Tensor reading, Tensor clean) {
      float[] pairs = reading.floats();
      double[] difference = new double[at.length];
      Arrays.setAll(difference, row -> (double) pairs[2 * row] - pairs[2 * row + 1]);
      return difference;
    }
  }

  /**
   * The probability of one token.
   *
   * @param at position of each prompt whose predictions are read, usually its last
   * @param answers token of each prompt
   * @param log whether its logarithm is given instead, in nats
   */
  record TokenProbability(int[] at, long[] answers, boolean log) implements Metric {
    /** Checks that each prompt has both. */
    public TokenProbability {
      if (at.length != answers.length) {
        throw new IllegalArgumentException("positions and tokens must come in equal numbers");
      }
    }

    @Override
    public String name() {
      return log ? "log probability" : "probability";
    }

    @Override
    public Tensor read(Batch batch, Tensor logits) {
      Tensor predictions = Cells.each(at).take(logits).logSoftmax(-1);
      return predictions.gather(-1, Tensor.of(answers, answers.length, 1)).reshape(-1);
    }

    @Override
    public double[] score(Tensor reading, Tensor clean) {
      double[] numbers = numbers(reading);
      if (!log) {
        Arrays.setAll(numbers, i -> Math.exp(numbers[i]));
      }
      return numbers;
    }
  }

  /** Mean loss over all next tokens of each prompt, in nats. */
  record NextTokenLoss() implements Metric {
    @Override
    public String name() {
      return "next-token loss";
    }

    @Override
    public Tensor read(Batch batch, Tensor logits) {
      return meanLoss(batch, logits, Where.everywhere());
    }

    @Override
    public double[] score(Tensor reading, Tensor clean) {
      return numbers(reading);
    }
  }

  /**
   * Mean loss on chosen tokens of each prompt, in nats.
   *
   * @param tokens positions of the tokens that are to be predicted, each from the one before; every
   *     prompt needs one at least, and the first token of a prompt has no loss
   */
  record TokenLoss(Where tokens) implements Metric {
    @Override
    public String name() {
      return "loss on chosen tokens";
    }

    @Override
    public Tensor read(Batch batch, Tensor logits) {
      return meanLoss(batch, logits, tokens);
    }

    @Override
    public double[] score(Tensor reading, Tensor clean) {
      return numbers(reading);
    }
  }

  /**
   * Divergence KL(clean || changed) of the predictions at a position of each prompt, in nats.
   *
   * @param at position of each prompt, usually its last
   */
  record Divergence(int[] at) implements Metric {
    @Override
    public String name() {
      return "KL to the clean run";
    }

    @Override
    public Tensor read(Batch batch, Tensor logits) {
      return Cells.each(at).take(logits).toDoubles().logSoftmax(-1);
    }

    @Override
    public double[] score(Tensor reading, Tensor clean) {
      return clean.exp().mul(clean.sub(reading)).sum(-1L).doubles();
    }
  }

  private static Tensor meanLoss(Batch batch, Tensor logits, Where tokens) {
    int rows = batch.rows();
    int targets = batch.positions() - 1;
    float[] weights = new float[rows * targets];
    TargetTokens.weigh(batch, tokens, weights);
    Tensor losses = Kernels.call("next_token_losses", logits, batch.tokens());
    return losses.mul(Tensor.of(weights, rows, targets)).sum(-1L);
  }
}
