package org.zlens.engine.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/** The weights that the training of an SAE starts from. */
final class SaeInitialization {
  private static final double FREE_DECODER_NORM = 0.1;
  private static final double FIRST_THRESHOLD = 0.01;

  private SaeInitialization() {}

  /**
   * W_enc, W_dec, b_enc (for a gated SAE b_gate) and b_dec, then log thresholds or b_mag and r_mag
   * where the objective has them; the caller owns them.
   */
  static List<Tensor> of(SaeRecipe recipe, SaeStart start) {
    Random random = new Random(recipe.seed());
    int width = recipe.width();
    int inputs = start.mean().length;
    try (Scope scope = Scope.open()) {
      List<Tensor> all = new ArrayList<>();
      if (recipe.objective() instanceof SaeObjective.Lasso) {
        all.add(uniform(random, inputs, width));
        Tensor wDec = uniform(random, width, inputs);
        all.add(wDec.div(wDec.norm(1).unsqueeze(1)));
      } else {
        // Encoder and decoder begin as each other's transpose, at the norm that the recipe names.
        Tensor rows = gaussian(random, width, inputs);
        Tensor unit = rows.div(rows.norm(1).unsqueeze(1));
        Tensor wDec = recipe.objective().unitDecoder() ? unit : unit.mul(FREE_DECODER_NORM);
        all.add(wDec.transpose(0, 1).copy().reshape(inputs, width));
        all.add(wDec);
      }
      all.add(Tensor.zeros(width));
      all.add(
          recipe.objective().scalesInput() && recipe.objective().centersInput()
              ? Tensor.of(start.mean(), inputs).mul(start.scale())
              : Tensor.zeros(inputs));
      if (recipe.objective() instanceof SaeObjective.JumpRelu) {
        all.add(Tensor.full(Math.log(FIRST_THRESHOLD), width));
      } else if (recipe.objective() instanceof SaeObjective.Gated) {
        all.add(Tensor.zeros(width));
        all.add(Tensor.zeros(width));
      }
      all.forEach(Scope::release);
      return all;
    }
  }

  /** Kaiming-uniform over axis 1. */
  private static Tensor uniform(Random random, int rows, int columns) {
    double bound = Math.sqrt(6.0 / columns);
    return filled(rows, columns, () -> (2 * random.nextDouble() - 1) * bound);
  }

  private static Tensor gaussian(Random random, int rows, int columns) {
    return filled(rows, columns, random::nextGaussian);
  }

  private static Tensor filled(int rows, int columns, DoubleSupplier next) {
    float[] values = new float[Math.multiplyExact(rows, columns)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) next.getAsDouble();
    }
    return Tensor.of(values, rows, columns);
  }
}
