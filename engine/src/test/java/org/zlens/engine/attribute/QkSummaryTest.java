package org.zlens.engine.attribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.zlens.engine.RandomModel;
import org.zlens.engine.runtime.Scope;

/** Pairs over several prompts: means that add up, and shares of the variance worked out by hand. */
class QkSummaryTest {
  private static List<QkAttribution> scores(CleanRun run, int prompts, StreamSplit split) {
    List<QkAttribution> each = new ArrayList<>();
    for (int row = 0; row < prompts; row++) {
      QkSide side = QkSide.of(split);
      each.add(QkAttribution.of(run, 2, 1, row, 6, 3, side, side));
    }
    return each;
  }

  @Test
  void meansSumToTheMeanScoreAndAllPairsExplainAllVariance() {
    try (RandomModel random = RandomModel.processed(8).withSaes(30);
        Scope scope = Scope.open()) {
      CleanRun run = CleanRun.of(random.saes(), random.tokens(5, 8));
      List<QkAttribution> each = scores(run, 5, StreamSplit.RESIDUAL_FEATURES);
      QkSummary summary = QkSummary.of(each);
      double mean = each.stream().mapToDouble(QkAttribution::score).average().orElseThrow();
      assertThat(summary.total()).isCloseTo(mean, offset(1e-6));
      assertThat(summary.rows().stream().mapToDouble(QkSummary.Row::mean).sum())
          .isCloseTo(mean, offset(1e-4));
      assertThat(summary.explained(summary.rows())).isCloseTo(1, offset(1e-4));
      assertThat(summary.explained(List.of())).isCloseTo(0, offset(1e-9));
      assertThat(summary.explainedBy(part -> true)).isCloseTo(1, offset(1e-4));
    }
  }

  @Test
  void theShareOfOnePairIsTheDefinition() {
    try (RandomModel random = RandomModel.processed(9).withSaes(30);
        Scope scope = Scope.open()) {
      CleanRun run = CleanRun.of(random.saes(), random.tokens(4, 8));
      List<QkAttribution> each = scores(run, 4, StreamSplit.COMPONENTS);
      QkSummary summary = QkSummary.of(each);
      QkSummary.Row row = summary.rows().get(0);
      assertThat(row.prompts()).isEqualTo(4);
      double[] totals = new double[4];
      double[] left = new double[4];
      double size = 0;
      for (int p = 0; p < 4; p++) {
        double value =
            each.get(p).pairs().stream()
                .filter(
                    q -> q.query().name().equals(row.query()) && q.key().name().equals(row.key()))
                .mapToDouble(QkAttribution.Pair::contribution)
                .sum();
        totals[p] = each.get(p).total();
        left[p] = totals[p] - value;
        size += Math.abs(value) / 4;
      }
      assertThat(row.size()).isCloseTo(size, offset(1e-9));
      assertThat(summary.explained(List.of(row)))
          .isCloseTo(1 - spread(left) / spread(totals), offset(1e-9));
    }
  }

  private static double spread(double[] values) {
    double mean = 0;
    for (double value : values) {
      mean += value / values.length;
    }
    double sum = 0;
    for (double value : values) {
      sum += (value - mean) * (value - mean);
    }
    return sum;
  }

  @Test
  void aScoreThatDoesNotVaryHasNoShares() {
    try (RandomModel random = RandomModel.processed(9).withSaes(30);
        Scope scope = Scope.open()) {
      CleanRun run = CleanRun.of(random.saes(), random.tokens(1, 8));
      QkSummary one = QkSummary.of(scores(run, 1, StreamSplit.COMPONENTS));
      assertThat(one.explained(one.rows())).isNaN();
      assertThatThrownBy(() -> QkSummary.of(List.of()))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
