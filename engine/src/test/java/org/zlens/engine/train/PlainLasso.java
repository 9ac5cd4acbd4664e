package org.zlens.engine.train;

import java.util.ArrayList;
import java.util.List;
import org.zlens.engine.runtime.Tensor;

/**
 * The paper's training step in doubles, as its formulas read: squared error plus L1, decoder rows
 * at norm one with their gradient's part along them removed, Adam (paper-spec B.1).
 */
final class PlainLasso {
  private final List<double[]> parameters = new ArrayList<>();
  private final List<double[]> first = new ArrayList<>();
  private final List<double[]> second = new ArrayList<>();
  private final int inputs;
  private final int width;
  private final double sparsity;
  private final double rate;
  private final double beta1;
  private final double beta2;
  private final double eps;
  private double loss;
  private double error;
  private float[] counts;
  private int steps;

  PlainLasso(
      List<Tensor> start, double sparsity, double rate, double beta1, double beta2, double eps) {
    for (Tensor tensor : start) {
      float[] values = tensor.floats();
      double[] doubles = new double[values.length];
      for (int i = 0; i < values.length; i++) {
        doubles[i] = values[i];
      }
      parameters.add(doubles);
      first.add(new double[values.length]);
      second.add(new double[values.length]);
    }
    this.inputs = (int) start.get(0).size(0);
    this.width = (int) start.get(0).size(1);
    this.sparsity = sparsity;
    this.rate = rate;
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.eps = eps;
  }

  void step(Tensor batch) {
    float[] x = batch.floats();
    int n = (int) batch.size(0);
    double[] wEnc = parameters.get(0);
    double[] wDec = parameters.get(1);
    double[] bEnc = parameters.get(2);
    double[] bDec = parameters.get(3);
    double[] dEnc = new double[wEnc.length];
    double[] dDec = new double[wDec.length];
    double[] dBEnc = new double[width];
    double[] dBDec = new double[inputs];
    counts = new float[width];
    error = 0;
    double l1 = 0;
    for (int row = 0; row < n; row++) {
      double[] f = new double[width];
      for (int j = 0; j < width; j++) {
        double pre = bEnc[j];
        for (int d = 0; d < inputs; d++) {
          pre += (x[row * inputs + d] - bDec[d]) * wEnc[d * width + j];
        }
        f[j] = Math.max(0, pre);
        l1 += f[j];
        counts[j] += f[j] > 0 ? 1 : 0;
      }
      double[] g = new double[inputs];
      for (int d = 0; d < inputs; d++) {
        double miss = bDec[d] - x[row * inputs + d];
        for (int j = 0; j < width; j++) {
          miss += f[j] * wDec[j * inputs + d];
        }
        error += miss * miss / n;
        g[d] = 2 * miss / n;
        dBDec[d] += g[d];
      }
      for (int j = 0; j < width; j++) {
        double back = sparsity / n;
        for (int d = 0; d < inputs; d++) {
          back += g[d] * wDec[j * inputs + d];
          dDec[j * inputs + d] += f[j] * g[d];
        }
        if (f[j] > 0) {
          dBEnc[j] += back;
          for (int d = 0; d < inputs; d++) {
            dEnc[d * width + j] += (x[row * inputs + d] - bDec[d]) * back;
            dBDec[d] -= wEnc[d * width + j] * back;
          }
        }
      }
    }
    loss = error + sparsity * l1 / n;
    constrain(wDec, dDec);
    steps++;
    adam(0, dEnc);
    adam(1, dDec);
    adam(2, dBEnc);
    adam(3, dBDec);
  }

  private void constrain(double[] wDec, double[] dDec) {
    for (int j = 0; j < width; j++) {
      double squares = 0;
      for (int d = 0; d < inputs; d++) {
        squares += wDec[j * inputs + d] * wDec[j * inputs + d];
      }
      double along = 0;
      for (int d = 0; d < inputs; d++) {
        wDec[j * inputs + d] /= Math.sqrt(squares);
        along += dDec[j * inputs + d] * wDec[j * inputs + d];
      }
      for (int d = 0; d < inputs; d++) {
        dDec[j * inputs + d] -= along * wDec[j * inputs + d];
      }
    }
  }

  private void adam(int at, double[] gradient) {
    double[] values = parameters.get(at);
    double[] mean = first.get(at);
    double[] square = second.get(at);
    for (int i = 0; i < values.length; i++) {
      mean[i] = beta1 * mean[i] + (1 - beta1) * gradient[i];
      square[i] = beta2 * square[i] + (1 - beta2) * gradient[i] * gradient[i];
      double correctedMean = mean[i] / (1 - Math.pow(beta1, steps));
      double correctedSquare = square[i] / (1 - Math.pow(beta2, steps));
      values[i] -= rate * correctedMean / (Math.sqrt(correctedSquare) + eps);
    }
  }

  double loss() {
    return loss;
  }

  double error() {
    return error;
  }

  /** Vectors of the last batch on which each feature was active. */
  float[] counts() {
    return counts;
  }

  float[] parameter(int at) {
    return floats(parameters.get(at));
  }

  float[] first(int at) {
    return floats(first.get(at));
  }

  float[] second(int at) {
    return floats(second.get(at));
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
