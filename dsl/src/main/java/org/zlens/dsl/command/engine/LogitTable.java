package org.zlens.dsl.command.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.IntFunction;
import org.zlens.engine.data.AnswerPair;
import org.zlens.engine.data.Prompt;
import org.zlens.engine.data.PromptSet;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Predictions as rows: the most likely tokens, and the answer pair where there is one. */
public final class LogitTable {
  private final PromptSet prompts;
  private final int top;
  private final IntFunction<String> piece;
  private final boolean answered;
  private final IntColumn prompt = IntColumn.create("prompt");
  private final IntColumn position = IntColumn.create("position");
  private final IntColumn rank = IntColumn.create("rank");
  private final StringColumn token = StringColumn.create("token");
  private final IntColumn id = IntColumn.create("id");
  private final DoubleColumn logit = DoubleColumn.create("logit");
  private final DoubleColumn probability = DoubleColumn.create("probability");
  private final StringColumn answer = StringColumn.create("answer");
  private final DoubleColumn difference = DoubleColumn.create("difference");
  private final List<Double> differences = new ArrayList<>();

  /**
   * An empty table.
   *
   * @param top most likely tokens of each place
   * @param piece the text of a token
   */
  public LogitTable(PromptSet prompts, int top, IntFunction<String> piece) {
    this.prompts = prompts;
    this.top = top;
    this.piece = piece;
    this.answered = prompts.prompts().stream().anyMatch(p -> p.answer().isPresent());
  }

  /**
   * Adds the rows of a place.
   *
   * @param logits {@code [d_vocab]}
   */
  public void add(int row, int at, float[] logits) {
    Prompt one = prompts.prompts().get(row);
    Optional<AnswerPair> pair = one.answer();
    double normalizer = logSumExp(logits);
    Set<Integer> shown = new LinkedHashSet<>(largest(logits));
    pair.ifPresent(p -> shown.addAll(List.of(p.answerId(), p.overId())));
    for (int candidate : shown) {
      prompt.append(row);
      position.append(at);
      rank.append(rank(logits, candidate));
      token.append(piece.apply(candidate));
      id.append(candidate);
      logit.append(logits[candidate]);
      probability.append(Math.exp(logits[candidate] - normalizer));
      answer.append(
          pair.map(
                  p -> p.answerId() == candidate ? "right" : p.overId() == candidate ? "wrong" : "")
              .orElse(""));
      if (pair.isPresent()) {
        difference.append((double) logits[candidate] - logits[pair.get().overId()]);
      } else {
        difference.appendMissing();
      }
    }
    if (pair.isPresent() && at == one.end()) {
      differences.add((double) logits[pair.get().answerId()] - logits[pair.get().overId()]);
    }
  }

  /** The rows so far; columns of answers only where some prompt has one. */
  public Table table() {
    Table table = Table.create("logits", prompt, position, rank, token, id, logit, probability);
    return answered ? table.addColumns(answer, difference) : table;
  }

  /** The columns that the rows of prompts with or without answers have. */
  public static List<String> columns(boolean answered) {
    List<String> columns =
        new ArrayList<>(
            List.of("prompt", "position", "rank", "token", "id", "logit", "probability"));
    if (answered) {
      columns.addAll(List.of("answer", "difference"));
    }
    return columns;
  }

  /** The mean logit difference at the ends that were added, if those prompts have answers. */
  public Optional<Double> meanDifference() {
    return differences.isEmpty()
        ? Optional.empty()
        : Optional.of(differences.stream().mapToDouble(d -> d).average().orElseThrow());
  }

  /** The number of logit differences in that mean. */
  public int pairs() {
    return differences.size();
  }

  /** The ids of the largest logits, largest first; of equal ones the smaller id comes first. */
  private List<Integer> largest(float[] logits) {
    Comparator<Integer> worse =
        Comparator.<Integer>comparingDouble(i -> logits[i])
            .thenComparing(Comparator.reverseOrder());
    PriorityQueue<Integer> best = new PriorityQueue<>(worse);
    for (int i = 0; i < logits.length; i++) {
      if (best.size() < top) {
        best.add(i);
      } else if (worse.compare(i, best.peek()) > 0) {
        best.poll();
        best.add(i);
      }
    }
    List<Integer> order = new ArrayList<>(best);
    order.sort(worse.reversed());
    return order;
  }

  /** 1 for the most likely token. */
  private static int rank(float[] logits, int candidate) {
    int rank = 1;
    for (int i = 0; i < logits.length; i++) {
      if (logits[i] > logits[candidate] || logits[i] == logits[candidate] && i < candidate) {
        rank++;
      }
    }
    return rank;
  }

  private static double logSumExp(float[] logits) {
    double most = Double.NEGATIVE_INFINITY;
    for (float value : logits) {
      most = Math.max(most, value);
    }
    double sum = 0;
    for (float value : logits) {
      sum += Math.exp(value - most);
    }
    return most + Math.log(sum);
  }
}
