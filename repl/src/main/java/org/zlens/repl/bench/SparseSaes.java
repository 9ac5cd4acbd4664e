package org.zlens.repl.bench;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.io.ElementType;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.InputNormalization;
import org.zlens.engine.sae.SaeConfig;
import org.zlens.engine.sae.SaeEncoder;
import org.zlens.engine.sae.SaeLensWriter;
import org.zlens.engine.sae.SaeSource;
import org.zlens.engine.sae.SaeWeights;
import org.zlens.engine.sae.WeightBasis;

/**
 * Writes an attention and a residual SAE for each layer of a model, whose directions are random and
 * whose thresholds leave about one feature in a thousand active on some tokens, as those of trained
 * ones do.
 */
final class SparseSaes {
  /** Deviations of a pre-activation that it must exceed; one normal number in 740 does. */
  private static final double DEVIATIONS = 3;

  private SparseSaes() {}

  static void write(TemporaryFolder folder, Transformer model, int[] tokens, int width) {
    ModelConfig config = model.config();
    Random random = new Random(7);
    for (Site site : new Site[] {Site.Z, Site.RESID_PRE}) {
      int inputs = site == Site.Z ? config.heads() * config.dHead() : config.dModel();
      float[] encoder = normal(random, inputs * width, 1 / Math.sqrt(inputs));
      float[] decoder = normal(random, inputs * width, 1 / Math.sqrt(inputs));
      for (int layer = 0; layer < config.layers(); layer++) {
        Location at = Location.of(site, layer);
        float[] bias = new float[width];
        double deviation = size(model, tokens, at) / Math.sqrt(inputs);
        Arrays.fill(bias, (float) (-DEVIATIONS * deviation));
        SaeConfig settings =
            new SaeConfig(
                inputs,
                width,
                at.canonical(),
                layer,
                false,
                InputNormalization.NONE,
                site.perHead(),
                "random",
                false,
                config.context(),
                WeightBasis.UNSTATED,
                SaeSource.made(folder.path(), Map.of()));
        SaeLensWriter.write(
            folder.resolve(at.canonical()),
            new SaeWeights(
                settings,
                new SaeEncoder.Relu(),
                encoder,
                decoder,
                bias,
                new float[inputs],
                new float[0]),
            ElementType.F32);
      }
    }
  }

  private static float[] normal(Random random, int count, double deviation) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextGaussian() * deviation);
    }
    return values;
  }

  /** Mean norm of the vectors at a site. */
  private static double size(Transformer model, int[] tokens, Location at) {
    try (Scope scope = Scope.open()) {
      Tensor row = Tensor.ofRows(new int[][] {tokens});
      Activations pass = model.forward(row, Hooks.none().capture(at).withoutLogits());
      return pass.get(at).reshape(1L, tokens.length, -1).norm(-1).mean().item();
    }
  }
}
