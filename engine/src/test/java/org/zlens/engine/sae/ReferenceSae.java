package org.zlens.engine.sae;

import java.util.Arrays;
import java.util.stream.IntStream;

/** An SAE in plain Java and double precision, one input vector at a time: the readers' referee. */
final class ReferenceSae {
  private final SaeWeights sae;
  private final int dIn;
  private final int dSae;

  ReferenceSae(SaeWeights sae) {
    this.sae = sae;
    this.dIn = sae.config().dIn();
    this.dSae = sae.config().dSae();
  }

  record Result(double[] pre, double[] activations, double[] reconstruction) {}

  Result run(float[] input, int from) {
    double[] x = new double[dIn];
    for (int i = 0; i < dIn; i++) {
      x[i] = input[from + i];
    }
    double mean = 0;
    double scale = 1;
    switch (sae.config().normalization()) {
      case NONE -> {}
      case CONSTANT_NORM_RESCALE ->
          scale = Math.sqrt(Arrays.stream(x).map(v -> v * v).sum()) / Math.sqrt(dIn);
      case LAYER_NORM -> {
        double average = Arrays.stream(x).average().orElseThrow();
        double squares = Arrays.stream(x).map(v -> (v - average) * (v - average)).sum();
        mean = average;
        scale = Math.sqrt(squares / (dIn - 1)) + 1e-5;
      }
    }
    for (int i = 0; i < dIn; i++) {
      x[i] = (x[i] - mean) / scale;
    }
    double[] products = products(x);
    double[] pre = new double[dSae];
    double[] acts = activations(products, pre);
    double[] out = new double[dIn];
    boolean rescaled = sae.encoder() instanceof SaeEncoder.TopK topK && topK.rescaled();
    for (int f = 0; f < dSae; f++) {
      double value = rescaled ? acts[f] / norm(f) : acts[f];
      for (int i = 0; i < dIn && value != 0; i++) {
        out[i] += value * sae.wDec()[f * dIn + i];
      }
    }
    for (int i = 0; i < dIn; i++) {
      out[i] = (out[i] + sae.bDec()[i]) * scale + mean;
    }
    return new Result(pre, acts, out);
  }

  private double[] products(double[] x) {
    double[] products = new double[dSae];
    for (int i = 0; i < dIn; i++) {
      double value = sae.config().subtractDecoderBias() ? x[i] - sae.bDec()[i] : x[i];
      for (int f = 0; f < dSae; f++) {
        products[f] += value * sae.wEnc()[i * dSae + f];
      }
    }
    return products;
  }

  private double[] activations(double[] products, double[] pre) {
    double[] acts = new double[dSae];
    SaeEncoder encoder = sae.encoder();
    for (int f = 0; f < dSae; f++) {
      pre[f] = products[f] + sae.bEnc()[f];
      if (encoder instanceof SaeEncoder.Gated gated) {
        pre[f] = products[f] * Math.exp(gated.magnitudeLogScale()[f]) + gated.magnitudeBias()[f];
        acts[f] = products[f] + gated.gateBias()[f] > 0 ? Math.max(0, pre[f]) : 0;
      } else if (encoder instanceof SaeEncoder.JumpRelu jump) {
        acts[f] = pre[f] > jump.threshold()[f] ? Math.max(0, pre[f]) : 0;
      } else if (encoder instanceof SaeEncoder.TopK topK && topK.rescaled()) {
        acts[f] = pre[f] * norm(f);
      } else {
        acts[f] = Math.max(0, pre[f]);
      }
    }
    if (encoder instanceof SaeEncoder.TopK topK) {
      keepLargest(acts, topK.k());
    }
    return acts;
  }

  private static void keepLargest(double[] values, int k) {
    int[] order =
        IntStream.range(0, values.length)
            .boxed()
            .sorted((a, b) -> Double.compare(values[b], values[a]))
            .mapToInt(Integer::intValue)
            .toArray();
    for (int rank = 0; rank < order.length; rank++) {
      values[order[rank]] = rank < k ? Math.max(0, values[order[rank]]) : 0;
    }
  }

  private double norm(int feature) {
    double squares = 0;
    for (int i = 0; i < dIn; i++) {
      double weight = sae.wDec()[feature * dIn + i];
      squares += weight * weight;
    }
    return Math.sqrt(squares);
  }
}
