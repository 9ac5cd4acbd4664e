package org.zlens.repl.bench;

import java.util.Arrays;
import java.util.Random;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.model.WeightProcessing;
import org.zlens.engine.model.WeightStep;
import org.zlens.engine.model.Weights;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;
import org.zlens.engine.sae.SaeEncoder;
import org.zlens.engine.sae.SaeSet;
import org.zlens.engine.train.InitialWeights;

/**
 * A random model of GPT-2 Small's size on processed weights with an attention and a residual SAE of
 * 24,576 features for each layer, about 20 of them active at a place, and a prompt of 20 tokens.
 *
 * <p>All SAEs have the same directions, with thresholds of their own, so that they take 150 MB and
 * not 3.6 GB; a pass over them is out of any cache all the same.
 */
final class PaperModel implements AutoCloseable {
  static final int POSITIONS = 20;

  private static final int WIDTH = 24_576;
  private static final int ACTIVE = 20;

  private final Scope scope = Scope.open();
  private final Weights weights;
  private final Transformer model;
  private final SaeSet saes;
  private final Batch batch;

  PaperModel() {
    ModelConfig stored = RandomModel.config(768, 1024, 50_257);
    ModelConfig config = WeightProcessing.config(stored, WeightStep.all());
    weights = WeightProcessing.apply(InitialWeights.of(stored, 1), stored, WeightStep.all());
    model = new Transformer(config, weights);
    saes = new SaeSet(model, WeightStep.all());
    long[] tokens = new Random(2).longs(POSITIONS, 0, config.dVocab()).toArray();
    batch = Batch.of(Tensor.of(tokens, 1, POSITIONS));
    Tensor wEnc = encoder(config.dModel());
    Tensor wDec = wEnc.transpose(0, 1).copy();
    for (int layer = 0; layer < config.layers(); layer++) {
      for (Site site : new Site[] {Site.Z, Site.RESID_PRE}) {
        attach(Location.of(site, layer), wEnc, wDec);
      }
    }
  }

  private static Tensor encoder(int inputs) {
    Random random = new Random(3);
    float[] encoder = new float[inputs * WIDTH];
    for (int i = 0; i < encoder.length; i++) {
      encoder[i] = (float) (random.nextGaussian() / Math.sqrt(inputs));
    }
    return Tensor.of(encoder, inputs, WIDTH);
  }

  private void attach(Location site, Tensor wEnc, Tensor wDec) {
    try (Scope inner = Scope.open()) {
      Hooks hooks = Hooks.none().capture(site).withoutLogits();
      Activations pass = model.forward(batch.tokens(), hooks);
      Tensor vectors = pass.get(site).reshape(POSITIONS, -1);
      Tensor mean = vectors.mean(0L).mul(0.5);
      float[] pre = vectors.sub(mean).matmul(wEnc).floats();
      Arrays.sort(pre);
      double threshold = pre[pre.length - ACTIVE * POSITIONS];
      Tensor bias = Tensor.full(-threshold, WIDTH);
      saes.attach(new Sae(site, new SaeEncoder.Relu(), true, wEnc, bias, wDec, mean));
    }
  }

  Transformer model() {
    return model;
  }

  SaeSet saes() {
    return saes;
  }

  Batch batch() {
    return batch;
  }

  @Override
  public void close() {
    saes.close();
    weights.close();
    scope.close();
  }
}
