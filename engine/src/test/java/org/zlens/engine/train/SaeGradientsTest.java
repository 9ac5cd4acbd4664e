package org.zlens.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/** The gradients of each objective against differences of its loss, written again in doubles. */
class SaeGradientsTest {
  private static final int INPUTS = 5;
  private static final int WIDTH = 8;
  private static final int BATCH = 12;
  private static final double STEP = 1e-6;

  /** Parameters in the order of the trainer, as doubles. */
  private final List<double[]> parameters = new ArrayList<>();

  private final double[] x = new double[BATCH * INPUTS];

  private void draw(int extras) {
    Random random = new Random(7);
    parameters.add(gaussian(random, INPUTS * WIDTH, 0.5));
    parameters.add(gaussian(random, WIDTH * INPUTS, 0.5));
    parameters.add(gaussian(random, WIDTH, 0.3));
    parameters.add(gaussian(random, INPUTS, 0.3));
    for (int i = 0; i < extras; i++) {
      parameters.add(gaussian(random, WIDTH, 0.3));
    }
    System.arraycopy(gaussian(random, x.length, 1), 0, x, 0, x.length);
  }

  /** Values that single precision holds exactly, so that both sides start from the same. */
  private static double[] gaussian(Random random, int count, double scale) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextGaussian() * scale);
    }
    return values;
  }

  private double pre(int n, int j, boolean centred) {
    double sum = 0;
    for (int d = 0; d < INPUTS; d++) {
      double in = x[n * INPUTS + d] - (centred ? parameters.get(3)[d] : 0);
      sum += in * parameters.get(0)[d * WIDTH + j];
    }
    return sum;
  }

  /** Squared error of activations, of which only the first features count, mean over the batch. */
  private double error(double[][] f, int first) {
    return error(f, first, parameters.get(1), parameters.get(3));
  }

  private double error(double[][] f, int first, double[] wDec, double[] bDec) {
    double sum = 0;
    for (int n = 0; n < BATCH; n++) {
      for (int d = 0; d < INPUTS; d++) {
        double recon = bDec[d];
        for (int j = 0; j < first; j++) {
          recon += f[n][j] * wDec[j * INPUTS + d];
        }
        sum += Math.pow(recon - x[n * INPUTS + d], 2);
      }
    }
    return sum / BATCH;
  }

  private double[][] relus(boolean centred) {
    double[][] f = new double[BATCH][WIDTH];
    for (int n = 0; n < BATCH; n++) {
      for (int j = 0; j < WIDTH; j++) {
        f[n][j] = Math.max(0, pre(n, j, centred) + parameters.get(2)[j]);
      }
    }
    return f;
  }

  private SaeGradients.Found found(SaeObjective objective, double[] asleep) {
    List<Tensor> tensors = new ArrayList<>();
    tensors.add(Tensor.of(floats(parameters.get(0)), INPUTS, WIDTH));
    tensors.add(Tensor.of(floats(parameters.get(1)), WIDTH, INPUTS));
    for (double[] one : parameters.subList(2, parameters.size())) {
      tensors.add(Tensor.of(floats(one), one.length));
    }
    return new SaeGradients(objective)
        .of(
            tensors,
            Tensor.of(floats(x), BATCH, INPUTS),
            Tensor.of(floats(asleep), WIDTH),
            Long.MAX_VALUE);
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  /** A loss of the parameters as they stand. */
  private interface Loss {
    double value();
  }

  private void compare(SaeGradients.Found found, Loss loss) {
    assertThat(found.loss()).isCloseTo(loss.value(), within(1e-4));
    for (int p = 0; p < parameters.size(); p++) {
      compare("parameter " + p, found.gradients().get(p), parameters.get(p), loss);
    }
  }

  private static void compare(String name, Tensor gradient, double[] parameter, Loss loss) {
    float[] actual = gradient.floats();
    for (int i = 0; i < parameter.length; i++) {
      double value = parameter[i];
      parameter[i] = value + STEP;
      double above = loss.value();
      parameter[i] = value - STEP;
      double below = loss.value();
      parameter[i] = value;
      assertThat((double) actual[i])
          .as("%s[%d]", name, i)
          .isCloseTo((above - below) / (2 * STEP), within(1e-4));
    }
  }

  @Test
  void lasso() {
    draw(0);
    try (Scope scope = Scope.open()) {
      compare(
          found(new SaeObjective.Lasso(0.7), new double[WIDTH]),
          () -> {
            double[][] f = relus(true);
            double sum = Arrays.stream(f).flatMapToDouble(Arrays::stream).sum();
            return error(f, WIDTH) + 0.7 * sum / BATCH;
          });
    }
  }

  @Test
  void lassoWeightedByDecoderNorms() {
    draw(0);
    try (Scope scope = Scope.open()) {
      compare(
          found(new SaeObjective.DecoderLasso(0.7, 5), new double[WIDTH]),
          () -> {
            double[][] f = relus(false);
            double sum = 0;
            for (int j = 0; j < WIDTH; j++) {
              double norm = 0;
              for (int d = 0; d < INPUTS; d++) {
                norm += Math.pow(parameters.get(1)[j * INPUTS + d], 2);
              }
              for (double[] row : f) {
                sum += row[j] * Math.sqrt(norm);
              }
            }
            return error(f, WIDTH) + 0.7 * sum / BATCH;
          });
    }
  }

  private static void keepLargest(double[] values, int k) {
    double least = Arrays.stream(values).sorted().skip(values.length - k).findFirst().orElse(0);
    for (int i = 0; i < values.length; i++) {
      values[i] = values[i] >= least ? values[i] : 0;
    }
  }

  @Test
  void topKOfEachVector() {
    draw(0);
    try (Scope scope = Scope.open()) {
      compare(
          found(new SaeObjective.TopK(2, false, List.of(WIDTH), 100), new double[WIDTH]),
          () -> {
            double[][] f = relus(true);
            Arrays.stream(f).forEach(row -> keepLargest(row, 2));
            return error(f, WIDTH);
          });
    }
  }

  @Test
  void topKOfTheBatchInNestedPrefixes() {
    draw(0);
    try (Scope scope = Scope.open()) {
      compare(
          found(new SaeObjective.TopK(2, true, List.of(2, 5, WIDTH), 100), new double[WIDTH]),
          () -> {
            double[][] f = relus(true);
            double[] flat = Arrays.stream(f).flatMapToDouble(Arrays::stream).toArray();
            keepLargest(flat, 2 * BATCH);
            for (int n = 0; n < BATCH; n++) {
              System.arraycopy(flat, n * WIDTH, f[n], 0, WIDTH);
            }
            return (error(f, 2) + error(f, 5) + error(f, WIDTH)) / 3;
          });
    }
  }

  /** Sleeping features rebuild what is missed, which itself has no gradient from there. */
  @Test
  void topKWithSleepers() {
    draw(0);
    double[] asleep = new double[WIDTH];
    asleep[1] = 100;
    asleep[4] = 250;
    try (Scope scope = Scope.open()) {
      SaeGradients.Found with = found(new SaeObjective.TopK(2, false, List.of(WIDTH), 100), asleep);
      SaeGradients.Found without =
          found(new SaeObjective.TopK(2, false, List.of(WIDTH), 100), new double[WIDTH]);
      double[][] clean = relus(true);
      Arrays.stream(clean).forEach(row -> keepLargest(row, 2));
      double[] missed = missed(clean);
      Loss helped = () -> helped(missed, 1, 4) / 32;
      assertThat(with.loss() - without.loss()).isCloseTo(helped.value(), within(1e-4));
      for (int p : new int[] {0, 1, 2}) {
        Tensor difference = with.gradients().get(p).sub(without.gradients().get(p));
        compare("parameter " + p, difference, parameters.get(p), helped);
      }
    }
  }

  private double[] missed(double[][] f) {
    double[] missed = new double[x.length];
    for (int n = 0; n < BATCH; n++) {
      for (int d = 0; d < INPUTS; d++) {
        double recon = parameters.get(3)[d];
        for (int j = 0; j < WIDTH; j++) {
          recon += f[n][j] * parameters.get(1)[j * INPUTS + d];
        }
        missed[n * INPUTS + d] = x[n * INPUTS + d] - recon;
      }
    }
    return missed;
  }

  private double helped(double[] missed, int... sleepers) {
    double sum = 0;
    for (int n = 0; n < BATCH; n++) {
      for (int d = 0; d < INPUTS; d++) {
        double help = 0;
        for (int j : sleepers) {
          double f = Math.max(0, pre(n, j, true) + parameters.get(2)[j]);
          help += f * parameters.get(1)[j * INPUTS + d];
        }
        sum += Math.pow(missed[n * INPUTS + d] - help, 2);
      }
    }
    return sum / BATCH;
  }

  @Test
  void gated() {
    draw(2);
    double[] frozenDecoder = parameters.get(1).clone();
    double[] frozenBias = parameters.get(3).clone();
    try (Scope scope = Scope.open()) {
      compare(
          found(new SaeObjective.Gated(0.7, 5), new double[WIDTH]),
          () -> {
            double[][] gates = relus(true);
            double[][] f = new double[BATCH][WIDTH];
            double sum = 0;
            for (int n = 0; n < BATCH; n++) {
              for (int j = 0; j < WIDTH; j++) {
                double size =
                    pre(n, j, true) * Math.exp(parameters.get(5)[j]) + parameters.get(4)[j];
                f[n][j] = gates[n][j] > 0 ? Math.max(0, size) : 0;
                sum += gates[n][j];
              }
            }
            return error(f, WIDTH)
                + 0.7 * sum / BATCH
                + error(gates, WIDTH, frozenDecoder, frozenBias);
          });
    }
  }

  /** All but the thresholds by differences; those by the formula of the paper. */
  @Test
  void jumpRelu() {
    draw(1);
    double[] log = parameters.get(4);
    Arrays.setAll(log, j -> (float) Math.log(0.2 + 0.1 * j));
    double sparsity = 0.7;
    double bandwidth = 0.6;
    try (Scope scope = Scope.open()) {
      SaeGradients.Found found =
          found(new SaeObjective.JumpRelu(sparsity, bandwidth, 5), new double[WIDTH]);
      Loss loss =
          () -> {
            double[][] f = jumps();
            long active =
                Arrays.stream(f).flatMapToDouble(Arrays::stream).filter(v -> v > 0).count();
            return error(f, WIDTH) + sparsity * active / BATCH;
          };
      assertThat(found.loss()).isCloseTo(loss.value(), within(1e-4));
      for (int p = 0; p < 4; p++) {
        compare("parameter " + p, found.gradients().get(p), parameters.get(p), loss);
      }
      double[][] f = jumps();
      double[] missed = missed(f);
      double[][] pre = relus(false);
      float[] actual = found.gradients().get(4).floats();
      for (int j = 0; j < WIDTH; j++) {
        double threshold = Math.exp(log[j]);
        double expected = 0;
        for (int n = 0; n < BATCH; n++) {
          double byActivation = 0;
          for (int d = 0; d < INPUTS; d++) {
            byActivation +=
                -2.0 / BATCH * missed[n * INPUTS + d] * parameters.get(1)[j * INPUTS + d];
          }
          boolean near = Math.abs(pre[n][j] - threshold) < bandwidth / 2;
          double kernel = near ? 1 / bandwidth : 0;
          expected += -threshold * kernel * byActivation - sparsity / BATCH * kernel;
        }
        // The parameter is the logarithm of the threshold.
        assertThat((double) actual[j])
            .as("log threshold %d", j)
            .isCloseTo(expected * threshold, within(1e-4));
      }
    }
  }

  private double[][] jumps() {
    double[][] f = relus(false);
    for (double[] row : f) {
      for (int j = 0; j < WIDTH; j++) {
        row[j] = row[j] > Math.exp(parameters.get(4)[j]) ? row[j] : 0;
      }
    }
    return f;
  }
}
