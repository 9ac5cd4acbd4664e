package org.zlens.engine.attribute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Why a head looked at a source: its score as a sum over pairs of a part of the query's stream and
 * one of the key's. Its numbers are parts of the score, not of what was moved.
 *
 * @param moved what the head moved from there to the number that reads it
 * @param score the whole score, and what the table sums to
 * @param weight attention weight after the softmax
 * @param pairs the pairs that add most or take most, by falling size
 * @param others sum of all other pairs
 * @param residual sum of all pairs minus the score: rounding
 */
public record QkReason(
    int layer,
    int head,
    int query,
    int key,
    double moved,
    double score,
    double weight,
    List<QkAttribution.Pair> pairs,
    double others,
    double residual) {
  /** Heads that are asked about at most, and the share of what was moved that is enough. */
  private static final int HEADS = 2;

  private static final double ENOUGH = 0.5;

  /** Keeps the list from changing. */
  public QkReason {
    pairs = List.copyOf(pairs);
  }

  /**
   * The reasons of the heads that carry most of what was moved from a source: the largest, and the
   * next where that is less than half.
   *
   * @param joint what each head moved from each source
   * @param count pairs that are kept
   */
  static List<QkReason> of(
      CleanRun run,
      int layer,
      int row,
      int query,
      int key,
      double[][] joint,
      StreamSplit split,
      int count) {
    double all = Arrays.stream(joint).mapToDouble(head -> Math.abs(head[key])).sum();
    List<Integer> largest =
        IntStream.range(0, joint.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer h) -> -Math.abs(joint[h][key])))
            .limit(HEADS)
            .toList();
    List<QkReason> reasons = new ArrayList<>();
    double told = 0;
    for (int head : largest) {
      if (joint[head][key] != 0 && told < ENOUGH * all) {
        reasons.add(of(run, layer, head, row, query, key, joint[head][key], split, count));
        told += Math.abs(joint[head][key]);
      }
    }
    return reasons;
  }

  private static QkReason of(
      CleanRun run,
      int layer,
      int head,
      int row,
      int query,
      int key,
      double moved,
      StreamSplit split,
      int count) {
    QkAttribution score =
        QkAttribution.of(run, layer, head, row, query, key, QkSide.of(split), QkSide.of(split));
    return of(score, moved, count);
  }

  /**
   * The largest pairs of a score that was taken apart.
   *
   * @param moved what the head moved to the number that is explained, NaN where none is
   * @param count pairs that are kept
   */
  public static QkReason of(QkAttribution score, double moved, int count) {
    return new QkReason(
            score.layer(),
            score.head(),
            score.query(),
            score.key(),
            moved,
            score.total(),
            score.weight(),
            List.of(),
            score.total() + score.residual(),
            score.residual())
        .with(score.pairs().stream().limit(count).toList());
  }

  /** The same score with other pairs kept, and what the rest then adds. */
  public QkReason with(List<QkAttribution.Pair> kept) {
    double sum = kept.stream().mapToDouble(QkAttribution.Pair::contribution).sum();
    double rest = score + residual - sum;
    return new QkReason(layer, head, query, key, moved, score, weight, kept, rest, residual);
  }
}
