package org.zlens.engine.intervene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.zlens.engine.ZlensException;
import org.zlens.engine.intervene.Formula.Joined;
import org.zlens.engine.intervene.Formula.Operation;
import org.zlens.engine.intervene.Formula.Quantity;
import org.zlens.engine.runtime.GradMode;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

class FormulaMetricTest {
  private static final int[] AT = {3, 1, 2};
  private static final int[] BEFORE = {2, 0, 1};
  private static final long[] FIRST = {4, 5, 6};
  private static final long[] SECOND = {1, 0, 3};

  private static Tensor random(long... shape) {
    Random random = new Random(7);
    int count = 1;
    for (long size : shape) {
      count *= (int) size;
    }
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.of(values, shape);
  }

  private static Batch batch() {
    return new Batch(Tensor.of(new long[12], 3, 4), new int[] {4, 3, 4});
  }

  private static Formula.Read read(Quantity quantity, int[] at, long[] tokens) {
    return new Formula.Read(quantity, at, tokens);
  }

  @Test
  void aDifferenceOfLogitsIsTheLogitDifference() {
    try (Scope scope = Scope.open()) {
      Metric formula =
          new FormulaMetric(
              "a - b",
              new Joined(
                  Operation.MINUS,
                  read(Quantity.LOGIT, AT, FIRST),
                  read(Quantity.LOGIT, AT, SECOND)));
      Metric plain = new Metric.LogitDifference(AT, FIRST, SECOND);
      Predictions predictions = Predictions.of(random(3, 4, 9));
      Tensor one = formula.read(batch(), predictions);
      Tensor other = plain.read(batch(), predictions);
      assertThat(formula.score(one, one)).isEqualTo(plain.score(other, other));
      assertThat(formula.reads(batch()).columns()).isEqualTo(2);
      assertThat(formula.reads(batch()).cells().position()).containsExactly(3, 1, 2);
    }
  }

  @Test
  void everyOperationIsThatOfItsNumbers() {
    try (Scope scope = Scope.open()) {
      Formula.Read logit = read(Quantity.LOGIT, AT, FIRST);
      Formula.Read probability = read(Quantity.PROBABILITY, AT, SECOND);
      Formula.Read log = read(Quantity.LOG_PROBABILITY, BEFORE, FIRST);
      Metric formula =
          new FormulaMetric(
              "mixed",
              new Joined(
                  Operation.PLUS,
                  new Joined(Operation.TIMES, new Formula.Constant(0.5), logit),
                  new Joined(Operation.OVER, new Formula.Negative(log), probability)));
      Tensor logits = random(3, 4, 9);
      Tensor reading = formula.read(batch(), Predictions.of(logits));
      double[] score = formula.score(reading, reading);
      float[] raw = logits.floats();
      float[] logs = logits.logSoftmax(-1).floats();
      for (int row = 0; row < 3; row++) {
        int here = (row * 4 + AT[row]) * 9;
        int before = (row * 4 + BEFORE[row]) * 9;
        double expected =
            0.5 * raw[here + (int) FIRST[row]]
                - logs[before + (int) FIRST[row]] / Math.exp(logs[here + (int) SECOND[row]]);
        assertThat(score[row]).isCloseTo(expected, within(1e-4));
      }
      assertThat(formula.reads(batch()).columns()).isZero();
      assertThat(formula.reads(batch()).cells().size()).isEqualTo(6);
    }
  }

  @Test
  void valuesAreTheScoresAndGradientsPassThem() {
    try (Scope scope = Scope.open()) {
      Batch batch = batch();
      List<Metric> metrics =
          List.of(
              new Metric.LogitDifference(AT, FIRST, SECOND),
              new Metric.TokenProbability(AT, FIRST, false),
              new Metric.TokenProbability(AT, FIRST, true),
              new Metric.NextTokenLoss(),
              new Metric.TokenLoss(Where.each(AT)),
              new Metric.Divergence(AT),
              new FormulaMetric("p", read(Quantity.PROBABILITY, AT, FIRST)));
      Tensor start = random(3, 4, 9);
      Tensor clean = start.mul(0.5);
      Tensor direction = start.mul(-0.7).add(0.2);
      for (Metric metric : metrics) {
        Tensor cleanReading = metric.read(batch, Predictions.of(clean));
        Tensor leaf = start.leaf();
        Tensor gradient;
        try (GradMode on = GradMode.on()) {
          Tensor values = metric.values(metric.read(batch, Predictions.of(leaf)), cleanReading);
          double[] score = metric.score(metric.read(batch, Predictions.of(start)), cleanReading);
          float[] same = values.detach().toFloats().floats();
          for (int row = 0; row < 3; row++) {
            assertThat((double) same[row]).isCloseTo(score[row], within(1e-5));
          }
          gradient = values.sum().gradients(List.of(leaf))[0];
        }
        double step = 1e-2;
        double up = sum(metric, batch, start.add(direction.mul(step)), cleanReading);
        double down = sum(metric, batch, start.sub(direction.mul(step)), cleanReading);
        double slope = gradient.mul(direction).sum().item();
        assertThat(slope).as(metric.name()).isCloseTo((up - down) / (2 * step), within(2e-3));
      }
    }
  }

  private static double sum(Metric metric, Batch batch, Tensor logits, Tensor clean) {
    double sum = 0;
    for (double value : metric.score(metric.read(batch, Predictions.of(logits)), clean)) {
      sum += value;
    }
    return sum;
  }

  @Test
  void whatIsNoNumberIsAnError() {
    try (Scope scope = Scope.open()) {
      Metric formula =
          new FormulaMetric(
              "a / 0",
              new Joined(Operation.OVER, read(Quantity.LOGIT, AT, FIRST), new Formula.Constant(0)));
      Tensor reading = formula.read(batch(), Predictions.of(random(3, 4, 9)));
      assertThatThrownBy(() -> formula.score(reading, reading))
          .isInstanceOf(ZlensException.class)
          .hasMessageContaining("is no number");
      assertThatThrownBy(() -> new FormulaMetric("1", new Formula.Constant(1)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
