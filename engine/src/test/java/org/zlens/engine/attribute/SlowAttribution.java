package org.zlens.engine.attribute;

import org.zlens.engine.hook.Site;
import org.zlens.engine.model.BlockWeights;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.sae.Sae;

/** The equations of the paper as loops over every index, in double precision. */
final class SlowAttribution {
  private final CleanRun run;
  private final ModelConfig config;
  private final int layer;
  private final int row;
  private final float[] values;
  private final float[] pattern;
  private final float[] encoder;
  private final int feature;
  private final int features;

  SlowAttribution(CleanRun run, int layer, int feature, int row) {
    this.run = run;
    this.config = run.model().config();
    this.layer = layer;
    this.row = row;
    this.feature = feature;
    Sae sae = run.saes().attention(layer);
    this.values = run.activations().get(Site.V, layer).floats();
    this.pattern = run.patterns(layer).floats();
    this.encoder = sae.wEnc().floats();
    this.features = sae.features();
  }

  private double attention(int head, int destination, int source) {
    int n = run.positions();
    return pattern[((row * config.heads() + head) * n + destination) * n + source];
  }

  private double reader(int head, int component) {
    return encoder[(head * config.dHead() + component) * features + feature];
  }

  private int group(int head) {
    return head / (config.heads() / config.keyValueHeads());
  }

  /** A.5: {@code A[h, D, S] (v[S, h] . w[h])}. */
  double joint(int head, int destination, int source) {
    double sum = 0;
    for (int i = 0; i < config.dHead(); i++) {
      int at =
          ((row * run.positions() + source) * config.keyValueHeads() + group(head)) * config.dHead()
              + i;
      sum += values[at] * reader(head, i);
    }
    return attention(head, destination, source) * sum;
  }

  /** A.6: {@code u(D, S) = sum over h of A[h, D, S] W_V[h] w[h]}, gains of the norm included. */
  double[] readout(int destination, int source) {
    BlockWeights block = run.model().weights().blocks().get(layer);
    float[] wV = block.wV().floats();
    int width = config.keyValueHeads() * config.dHead();
    double[] u = new double[config.dModel()];
    for (int d = 0; d < u.length; d++) {
      for (int head = 0; head < config.heads(); head++) {
        for (int i = 0; i < config.dHead(); i++) {
          u[d] +=
              attention(head, destination, source)
                  * wV[d * width + group(head) * config.dHead() + i]
                  * reader(head, i);
        }
      }
    }
    if (block.ln1Gain() != null) {
      float[] gain = block.ln1Gain().floats();
      for (int d = 0; d < u.length; d++) {
        u[d] *= gain[d];
      }
    }
    return u;
  }

  /** A.6: {@code ((y - mean(y)) / sigma) . u}. */
  double contribution(double[] u, float[] y, int source) {
    double mean = 0;
    for (float value : y) {
      mean += value / (double) y.length;
    }
    double sum = 0;
    for (int d = 0; d < u.length; d++) {
      sum += (y[d] - mean) * u[d];
    }
    float[] scales = run.activations().get(Site.LN1_SCALE, layer).floats();
    return sum / scales[row * run.positions() + source];
  }
}
