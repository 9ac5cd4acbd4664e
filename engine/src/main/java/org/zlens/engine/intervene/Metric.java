package org.zlens.engine.intervene;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.zlens.engine.data.AnswerPair;
import org.zlens.engine.data.PromptSet;
import org.zlens.engine.runtime.Tensor;

/**
 * One number for each prompt, read from what a pass predicts.
 *
 * <p>A metric says which logits it reads before anything runs ({@link #reads}), reads these and no
 * others, so that nobody computes or holds all logits, then scores a reading against the clean one.
 * It is made for all prompts of a set; the rows of the batch that it reads may be any of them, in
 * any order, and one of them more than once ({@link Batch#prompt} says which each row is).
 */
public sealed interface Metric
    permits FormulaMetric,
        Metric.Divergence,
        Metric.LogitDifference,
        Metric.NextTokenLoss,
        Metric.TokenLoss,
        Metric.TokenProbability {
  /** What it is, for tables, for example {@code logit difference}. */
  String name();

  /**
   * The logits that {@link #read} will ask for.
   *
   * @throws org.zlens.engine.ZlensException if a prompt lacks what is to be read
   */
  Reads reads(Batch batch);

  /** What this metric needs of the predictions; the first axis is the rows of the batch. */
  Tensor read(Batch batch, Predictions predictions);

  /**
   * One number for each row.
   *
   * @param reading of the pass
   * @param clean reading of the clean pass, of the same prompts row by row
   */
  double[] score(Tensor reading, Tensor clean);

  /**
   * The numbers of {@link #score} as a tensor {@code [row]} that gradients pass; the reading itself
   * where that is one number a row.
   */
  default Tensor values(Tensor reading, Tensor clean) {
    return reading;
  }

  /**
   * What prompts are usually measured by: the logit difference at the end where all have an answer
   * pair, else the loss on their next tokens.
   */
  static Metric of(PromptSet prompts) {
    boolean answered = prompts.prompts().stream().allMatch(prompt -> prompt.answer().isPresent());
    return answered ? logitDifference(prompts) : new NextTokenLoss();
  }

  /** The place of a prompt's own in each row. */
  private static Cells own(Batch batch, int[] atOfPrompt) {
    return Cells.each(
        IntStream.range(0, batch.rows()).map(row -> atOfPrompt[batch.prompt(row)]).toArray());
  }

  /** The number of a prompt's own for each row. */
  private static long[] own(Batch batch, long[] ofPrompt) {
    return IntStream.range(0, batch.rows()).mapToLong(row -> ofPrompt[batch.prompt(row)]).toArray();
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
    public Reads reads(Batch batch) {
      return new Reads(own(batch, at), 2);
    }

    @Override
    public Tensor read(Batch batch, Predictions predictions) {
      long[] pairs = new long[2 * batch.rows()];
      for (int row = 0; row < batch.rows(); row++) {
        pairs[2 * row] = answers[batch.prompt(row)];
        pairs[2 * row + 1] = others[batch.prompt(row)];
      }
      return predictions.logits(own(batch, at), pairs);
    }

    @Override
    public double[] score(Tensor reading, Tensor clean) {
      float[] pairs = reading.floats();
      double[] difference = new double[pairs.length / 2];
      Arrays.setAll(difference, row -> (double) pairs[2 * row] - pairs[2 * row + 1]);
      return difference;
    }

    @Override
    public Tensor values(Tensor reading, Tensor clean) {
      return reading.select(1, 0).sub(reading.select(1, 1));
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
    public Reads reads(Batch batch) {
      return Reads.all(own(batch, at));
    }

    @Override
    public Tensor read(Batch batch, Predictions predictions) {
      return predictions.logProbabilities(own(batch, at), own(batch, answers));
    }

    @Override
    public double[] score(Tensor reading, Tensor clean) {
      double[] numbers = numbers(reading);
      if (!log) {
        Arrays.setAll(numbers, i -> Math.exp(numbers[i]));
      }
      return numbers;
    }

    @Override
    public Tensor values(Tensor reading, Tensor clean) {
      return log ? reading : reading.exp();
    }
  }

  /** Mean loss over all next tokens of each prompt, in nats. */
  record NextTokenLoss() implements Metric {
    @Override
    public String name() {
      return "next-token loss";
    }

    @Override
    public Reads reads(Batch batch) {
      return TargetTokens.of(batch, Where.everywhere()).reads();
    }

    @Override
    public Tensor read(Batch batch, Predictions predictions) {
      return TargetTokens.of(batch, Where.everywhere()).meanLoss(predictions);
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
    public Reads reads(Batch batch) {
      return TargetTokens.of(batch, tokens).reads();
    }

    @Override
    public Tensor read(Batch batch, Predictions predictions) {
      return TargetTokens.of(batch, tokens).meanLoss(predictions);
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
    public Reads reads(Batch batch) {
      return Reads.all(own(batch, at));
    }

    @Override
    public Tensor read(Batch batch, Predictions predictions) {
      return predictions.logits(own(batch, at)).toDoubles().logSoftmax(-1);
    }

    @Override
    public double[] score(Tensor reading, Tensor clean) {
      return values(reading, clean).doubles();
    }

    @Override
    public Tensor values(Tensor reading, Tensor clean) {
      return clean.exp().mul(clean.sub(reading)).sum(-1L);
    }
  }
}
