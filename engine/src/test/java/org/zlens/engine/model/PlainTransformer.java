package org.zlens.engine.model;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/** The forward pass of every architecture as loops over every index, in double precision. */
final class PlainTransformer {
  private final ModelConfig config;
  private final Architecture architecture;
  private final Weights weights;
  private final int d;

  PlainTransformer(Transformer model) {
    config = model.config();
    architecture = config.architecture();
    weights = model.weights();
    d = config.dModel();
  }

  /** Logits of each position of a prompt, {@code [pos][d_vocab]}. */
  double[][] logits(long... tokens) {
    int n = tokens.length;
    double[] wE = doubles(weights.wE());
    double[] wPos = weights.wPos() == null ? null : doubles(weights.wPos());
    double[][] stream = new double[n][d];
    for (int p = 0; p < n; p++) {
      for (int i = 0; i < d; i++) {
        stream[p][i] = wE[(int) tokens[p] * d + i] + (wPos == null ? 0 : wPos[p * d + i]);
      }
    }
    for (int layer = 0; layer < config.layers(); layer++) {
      block(layer, stream);
    }
    double[] wU = doubles(weights.wU());
    double[][] logits = new double[n][];
    for (int p = 0; p < n; p++) {
      double[] read = norm(stream[p], weights.finalGain(), weights.finalBias(), config.norm());
      logits[p] = linear(read, wU, doubles(weights.bU()));
      double cap = architecture.logitCap();
      if (cap > 0) {
        logits[p] = Arrays.stream(logits[p]).map(x -> cap * Math.tanh(x / cap)).toArray();
      }
    }
    return logits;
  }

  private void block(int layer, double[][] stream) {
    BlockWeights w = weights.blocks().get(layer);
    double[][] attention = attention(layer, w, stream);
    for (int p = 0; p < stream.length; p++) {
      double[] written = attention[p];
      if (architecture.postNorms()) {
        written = norm(written, w.ln1PostGain(), null, NormKind.RMS);
      }
      double[] mid = sum(stream[p], written);
      if (architecture.mlp() == MlpKind.NONE) {
        stream[p] = mid;
        continue;
      }
      double[] mlp = mlp(w, architecture.parallel() ? stream[p] : mid);
      if (architecture.postNorms()) {
        mlp = norm(mlp, w.ln2PostGain(), null, NormKind.RMS);
      }
      stream[p] = sum(mid, mlp);
    }
  }

  private double[][] attention(int layer, BlockWeights w, double[][] stream) {
    int n = stream.length;
    int size = config.dHead();
    double[][] q = new double[n][];
    double[][] k = new double[n][];
    double[][] v = new double[n][];
    for (int p = 0; p < n; p++) {
      double[] read = norm(stream[p], w.ln1Gain(), w.ln1Bias(), config.norm());
      q[p] = turned(linear(read, doubles(w.wQ()), doubles(w.bQ())), p);
      k[p] = turned(linear(read, doubles(w.wK()), doubles(w.bK())), p);
      v[p] = linear(read, doubles(w.wV()), doubles(w.bV()));
    }
    AttentionRules rules = architecture.attention();
    double[][] out = new double[n][];
    for (int p = 0; p < n; p++) {
      double[] z = new double[config.heads() * size];
      for (int head = 0; head < config.heads(); head++) {
        int group = head / (config.heads() / config.keyValueHeads());
        int reach = rules.reach(layer);
        int first = reach == 0 ? 0 : Math.max(0, p + 1 - reach);
        double[] scores = new double[p + 1];
        for (int s = first; s <= p; s++) {
          for (int i = 0; i < size; i++) {
            scores[s] += q[p][head * size + i] * k[s][group * size + i] * rules.scale();
          }
          if (rules.softCap() > 0) {
            scores[s] = rules.softCap() * Math.tanh(scores[s] / rules.softCap());
          }
        }
        double all = IntStream.rangeClosed(first, p).mapToDouble(s -> Math.exp(scores[s])).sum();
        for (int s = first; s <= p; s++) {
          for (int i = 0; i < size; i++) {
            z[head * size + i] += Math.exp(scores[s]) / all * v[s][group * size + i];
          }
        }
      }
      out[p] = linear(z, doubles(w.wO()), doubles(w.bO()));
    }
    return out;
  }

  /** Pairs of components turned one by one. */
  private double[] turned(double[] heads, int position) {
    if (!(architecture.positions() instanceof PositionScheme.Rotary rotary)) {
      return heads;
    }
    double[] turned = heads.clone();
    int half = rotary.width() / 2;
    for (int at = 0; at < heads.length; at += config.dHead()) {
      for (int i = 0; i < half; i++) {
        double angle = position * Math.pow(rotary.base(), -2.0 * i / rotary.width());
        double a = heads[at + i];
        double b = heads[at + half + i];
        turned[at + i] = a * Math.cos(angle) - b * Math.sin(angle);
        turned[at + half + i] = b * Math.cos(angle) + a * Math.sin(angle);
      }
    }
    return turned;
  }

  private double[] mlp(BlockWeights w, double[] stream) {
    double[] read = norm(stream, w.ln2Gain(), w.ln2Bias(), config.norm());
    double[] in = linear(read, doubles(w.wIn()), doubles(w.bIn()));
    double[] post = new double[in.length];
    if (architecture.mlp() == MlpKind.GATED) {
      double[] gate = linear(read, doubles(w.wGate()), doubles(w.bGate()));
      Arrays.setAll(post, i -> act(gate[i]) * in[i]);
    } else {
      Arrays.setAll(post, i -> act(in[i]));
    }
    return linear(post, doubles(w.wOut()), doubles(w.bOut()));
  }

  private double act(double x) {
    return switch (config.activation()) {
      case GELU_TANH ->
          0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
      // The error function by its series, which is exact enough for numbers of this size.
      case GELU -> 0.5 * x * (1 + erf(x / Math.sqrt(2)));
      case SILU -> x / (1 + Math.exp(-x));
      case RELU -> Math.max(0, x);
    };
  }

  private static double erf(double x) {
    if (Math.abs(x) > 4) {
      return Math.signum(x);
    }
    double term = x;
    double sum = x;
    for (int n = 1; n < 200; n++) {
      term *= -x * x / n;
      sum += term / (2 * n + 1);
    }
    return sum * 2 / Math.sqrt(Math.PI);
  }

  private double[] norm(double[] x, Tensor gain, Tensor bias, NormKind kind) {
    double mean = kind.centers() ? Arrays.stream(x).average().orElseThrow() : 0;
    double square = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
    double scale = Math.sqrt(square + config.normEps());
    double[] gains = gain == null ? null : doubles(gain);
    double[] biases = bias == null ? null : doubles(bias);
    double[] normed = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      double own = (x[i] - mean) / scale * (gains == null ? 1 : gains[i]);
      normed[i] = own + (biases == null ? 0 : biases[i]);
    }
    return normed;
  }

  private static double[] linear(double[] x, double[] weight, double[] bias) {
    double[] out = bias.clone();
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < out.length; j++) {
        out[j] += x[i] * weight[i * out.length + j];
      }
    }
    return out;
  }

  private static double[] sum(double[] a, double[] b) {
    double[] sum = new double[a.length];
    Arrays.setAll(sum, i -> a[i] + b[i]);
    return sum;
  }

  private static double[] doubles(Tensor tensor) {
    try (Scope scope = Scope.open()) {
      return tensor.reshape(-1).toDoubles().doubles();
    }
  }
}
