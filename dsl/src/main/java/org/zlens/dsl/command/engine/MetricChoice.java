package org.zlens.dsl.command.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.zlens.dsl.command.Position;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.data.AnswerPair;
import org.zlens.engine.data.PromptSet;
import org.zlens.engine.intervene.FormulaMetric;
import org.zlens.engine.intervene.Metric;
import org.zlens.engine.intervene.Where;
import org.zlens.engine.tokenizer.Tokenizer;

/**
 * A metric as a script chooses it: a kind, perhaps at other places or of another token than usual,
 * or a formula.
 *
 * @param kind of a metric that has a name; empty for a formula
 * @param formula of a metric that has none
 * @param at places that it is read at, of which all but the loss take one; empty for the usual one
 * @param span the first and the last token whose loss counts, for a loss between two places
 * @param token whose probability is read; empty for the answer
 */
public record MetricChoice(
    Optional<MetricKind> kind,
    Optional<MetricFormula> formula,
    List<Position> at,
    List<Position> span,
    Optional<String> token) {

  /** Keeps lists from changing. */
  public MetricChoice {
    at = List.copyOf(at);
    span = List.copyOf(span);
  }

  /** A metric as it usually is. */
  public static MetricChoice of(MetricKind kind) {
    return new MetricChoice(
        Optional.of(kind), Optional.empty(), List.of(), List.of(), Optional.empty());
  }

  /** What prompts are measured by unless the user chooses. */
  public static MetricChoice usual(PromptSet prompts) {
    boolean answered = prompts.prompts().stream().allMatch(prompt -> prompt.answer().isPresent());
    return of(answered ? MetricKind.LOGIT_DIFFERENCE : MetricKind.LOSS);
  }

  /** Whether it is one of those that have names, as it usually is. */
  public boolean isPlain() {
    return kind.isPresent() && equals(of(kind.get()));
  }

  /** How a script writes it. */
  public String word() {
    StringBuilder word =
        new StringBuilder(kind.map(MetricKind::word).orElseGet(() -> formula.orElseThrow().text()));
    token.ifPresent(text -> word.append(" of ").append('"').append(text).append('"'));
    if (!at.isEmpty()) {
      word.append(" at ").append(written(at, " "));
    }
    if (!span.isEmpty()) {
      word.append(" from ").append(written(span, " to "));
    }
    return word.toString();
  }

  private static String written(List<Position> places, String between) {
    return String.join(between, places.stream().map(Position::text).toList());
  }

  /** The unit of its numbers, or an empty text. */
  public String unit() {
    return kind.map(MetricKind::unit).orElseGet(() -> formula.orElseThrow().unit());
  }

  /** What it measures. */
  public String says() {
    if (kind.isEmpty()) {
      return "a formula of what is predicted" + (at.isEmpty() ? " at END" : "");
    }
    if (isPlain()) {
      return kind.get().says();
    }
    String where =
        at.isEmpty() ? (span.isEmpty() ? "END" : written(span, " to ")) : written(at, ", ");
    String whose = token.map(text -> "'" + text + "'").orElse("the answer");
    return switch (kind.get()) {
      case LOGIT_DIFFERENCE -> "logit of the answer minus that of what it is over, at " + where;
      case LOSS -> "mean loss on the tokens at " + where + ", each predicted from the one before";
      case PROBABILITY -> "probability of " + whose + " as the token after " + where;
      case LOG_PROBABILITY -> "log probability of " + whose + " as the token after " + where;
      case KL -> "divergence KL(clean || changed) of the predictions at " + where;
    };
  }

  /** Whether it needs an answer pair in each prompt. */
  public boolean needsAnswer() {
    return kind.map(
            some ->
                switch (some) {
                  case LOGIT_DIFFERENCE -> true;
                  case PROBABILITY, LOG_PROBABILITY -> token.isEmpty();
                  case LOSS, KL -> false;
                })
        .orElseGet(() -> formula.orElseThrow().needsAnswer());
  }

  /**
   * The metric on some prompts; an exception names the first that lacks an answer or a place that
   * it needs, or the token that is none.
   */
  public Metric of(PromptSet prompts, Supplier<Tokenizer> tokenizer) {
    if (formula.isPresent()) {
      return new FormulaMetric(word(), formula.get().on(prompts, places(prompts), tokenizer));
    }
    return switch (kind.orElseThrow()) {
      case LOGIT_DIFFERENCE -> {
        List<AnswerPair> pairs = prompts.answers();
        yield new Metric.LogitDifference(
            places(prompts),
            pairs.stream().mapToLong(AnswerPair::answerId).toArray(),
            pairs.stream().mapToLong(AnswerPair::overId).toArray());
      }
      case LOSS -> loss(prompts);
      case PROBABILITY ->
          new Metric.TokenProbability(places(prompts), tokens(prompts, tokenizer), false);
      case LOG_PROBABILITY ->
          new Metric.TokenProbability(places(prompts), tokens(prompts, tokenizer), true);
      case KL -> new Metric.Divergence(places(prompts));
    };
  }

  private int[] places(PromptSet prompts) {
    return at.isEmpty() ? prompts.ends() : Places.of(prompts, at).single();
  }

  private long[] tokens(PromptSet prompts, Supplier<Tokenizer> tokenizer) {
    if (token.isEmpty()) {
      return prompts.answers().stream().mapToLong(AnswerPair::answerId).toArray();
    }
    long[] ids = new long[prompts.size()];
    Arrays.fill(ids, tokenizer.get().singleId(token.get()));
    return ids;
  }

  private Metric loss(PromptSet prompts) {
    if (at.isEmpty() && span.isEmpty()) {
      return new Metric.NextTokenLoss();
    }
    List<int[]> rows =
        span.isEmpty() ? Places.of(prompts, at).rows() : between(prompts, span.get(0), span.get(1));
    for (int row = 0; row < rows.size(); row++) {
      if (rows.get(row).length > 0 && rows.get(row)[0] == 0) {
        throw new ZlensException(
            Kind.TYPE,
            "the first token of a prompt is not predicted, so it has no loss (prompt " + row + ")",
            "name later ones");
      }
    }
    return new Metric.TokenLoss(Where.rows(rows));
  }

  private static List<int[]> between(PromptSet prompts, Position from, Position to) {
    int[] first = Places.of(prompts, List.of(from)).single();
    int[] last = Places.of(prompts, List.of(to)).single();
    List<int[]> rows = new ArrayList<>();
    for (int row = 0; row < first.length; row++) {
      if (last[row] < first[row]) {
        throw new ZlensException(
            Kind.TYPE,
            String.format(
                "%s lies before %s in prompt %d of %s",
                to.text(), from.text(), row, Quoted.of(prompts.name())),
            null);
      }
      rows.add(IntStream.rangeClosed(first[row], last[row]).toArray());
    }
    return rows;
  }
}
