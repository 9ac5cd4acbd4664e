package org.zlens.engine.intervene;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.intervene.Formula.Quantity;
import org.zlens.engine.runtime.Tensor;

/**
 * Arithmetic over logits and probabilities of tokens, such as half the sum of two logits.
 *
 * @param name what it is, for tables
 * @param formula reads one prediction at least
 */
public record FormulaMetric(String name, Formula formula) implements Metric {
  /** Refuses a formula that reads nothing, which no intervention could change. */
  public FormulaMetric {
    if (all(formula).isEmpty()) {
      throw new IllegalArgumentException("a metric reads something of what the model predicts");
    }
  }

  private static List<Formula.Read> all(Formula formula) {
    List<Formula.Read> reads = new ArrayList<>();
    formula.reads(reads);
    return reads;
  }

  @Override
  public Reads reads(Batch batch) {
    List<Formula.Read> reads = all(formula);
    Map<List<Long>, long[]> places = new LinkedHashMap<>();
    for (Formula.Read read : reads) {
      Cells cells = cells(batch, read);
      for (int i = 0; i < cells.size(); i++) {
        long[] place = {cells.row()[i], cells.position()[i]};
        places.put(List.of(place[0], place[1]), place);
      }
    }
    Cells cells =
        new Cells(
            places.values().stream().mapToLong(place -> place[0]).toArray(),
            places.values().stream().mapToLong(place -> place[1]).toArray());
    boolean logits = reads.stream().allMatch(read -> read.quantity() == Quantity.LOGIT);
    return logits ? new Reads(cells, reads.size()) : Reads.all(cells);
  }

  private static Cells cells(Batch batch, Formula.Read read) {
    return Cells.each(
        IntStream.range(0, batch.rows()).map(row -> read.at()[batch.prompt(row)]).toArray());
  }

  /** What each read gives: {@code [row, read]}. */
  @Override
  public Tensor read(Batch batch, Predictions predictions) {
    List<Tensor> values = new ArrayList<>();
    for (Formula.Read read : all(formula)) {
      long[] tokens =
          IntStream.range(0, batch.rows())
              .mapToLong(row -> read.tokens()[batch.prompt(row)])
              .toArray();
      Cells cells = cells(batch, read);
      values.add(
          switch (read.quantity()) {
            case LOGIT -> predictions.logits(cells, tokens).reshape(-1);
            case LOG_PROBABILITY -> predictions.logProbabilities(cells, tokens);
            case PROBABILITY -> predictions.logProbabilities(cells, tokens).exp();
          });
    }
    return Tensor.stack(values, 1);
  }

  @Override
  public Tensor values(Tensor reading, Tensor clean) {
    List<Formula.Read> reads = all(formula);
    Tensor exact = reading.toDoubles();
    return formula.value(
        reads, IntStream.range(0, reads.size()).mapToObj(i -> exact.select(1, i)).toList());
  }

  @Override
  public double[] score(Tensor reading, Tensor clean) {
    double[] numbers = values(reading, clean).doubles();
    if (!Arrays.stream(numbers).allMatch(Double::isFinite)) {
      throw new ZlensException(
          Kind.RUNTIME, "the metric '" + name + "' is no number", "does it divide by zero?");
    }
    return numbers;
  }
}
