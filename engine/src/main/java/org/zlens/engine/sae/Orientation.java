package org.zlens.engine.sae;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.zlens.engine.ZlensException;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.io.DataFault;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.model.WeightStep;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * Which way round the matrices of an SAE stand whose shapes do not tell, since it has as many
 * features as its vectors have components: the way that reconstructs the model's activations.
 */
public final class Orientation {
  /** Another way must leave this much less unexplained than the one of the file's format. */
  private static final double CLEARLY = 0.8;

  private Orientation() {}

  /** The ways in which two square matrices can stand in a file. */
  private enum Way {
    AS_THEY_STAND("as they stand", false, false),
    BOTH("both transposed", true, true),
    ENCODER("the encoder transposed", true, false),
    DECODER("the decoder transposed", false, true);

    private final String words;
    private final boolean encoder;
    private final boolean decoder;

    Way(String words, boolean encoder, boolean decoder) {
      this.words = words;
      this.encoder = encoder;
      this.decoder = decoder;
    }

    SaeWeights of(SaeWeights weights) {
      int width = weights.config().dIn();
      return new SaeWeights(
          weights.config(),
          weights.encoder(),
          encoder ? transposed(weights.wEnc(), width) : weights.wEnc(),
          decoder ? transposed(weights.wDec(), width) : weights.wDec(),
          weights.bEnc(),
          weights.bDec(),
          weights.logSparsity());
    }
  }

  /**
   * An SAE that stands the right way round.
   *
   * @param sae not yet attached; the caller owns it
   * @param note what was found, for the user
   */
  public record Settled(LoadedSae sae, String note) {}

  /** Whether the shapes of an SAE leave open which way round its matrices stand. */
  public static boolean isOpen(Sae sae) {
    return sae.width() == sae.features();
  }

  /**
   * Reads an SAE from its file again, in each way, and gives the one that reconstructs best.
   *
   * @param processing the steps that the model's weights went through
   * @param read as it stands in its file, not yet attached; stays with the caller
   * @param tokens int64 {@code [batch, pos]} of text that the model knows; the first of each row,
   *     whose vector is like no other, does not count
   * @throws ZlensException of kind DATA if no way explains any of the variance
   */
  public static Settled settle(
      Transformer model, Set<WeightStep> processing, LoadedSae read, Tensor tokens) {
    SaeWeights weights = SaeReader.read(read.config().source().path(), read.config().hookName());
    double[] unexplained = new double[Way.values().length];
    Way best = Way.AS_THEY_STAND;
    try (Scope scope = Scope.open()) {
      Tensor values =
          model
              .forward(tokens, Hooks.none().capture(read.sae().location()).withoutLogits())
              .get(read.sae().location());
      Tensor vectors = read.sae().flatten(values.slice(1, 1, (int) tokens.size(1)));
      for (Way way : Way.values()) {
        unexplained[way.ordinal()] = unexplained(model, processing, way.of(weights), vectors);
        if (unexplained[way.ordinal()] < unexplained[best.ordinal()]) {
          best = way;
        }
      }
    }
    double asItStands = unexplained[Way.AS_THEY_STAND.ordinal()];
    if (!(unexplained[best.ordinal()] < CLEARLY * asItStands)) {
      best = Way.AS_THEY_STAND;
    }
    if (!(unexplained[best.ordinal()] < 1)) {
      throw DataFault.in(
          read.config().source().path(),
          "has square matrices that reconstruct the model's vectors at "
              + read.sae().location().shortName()
              + " neither way round",
          "of the variance stays unexplained: " + all(unexplained) + "; is it of another model?");
    }
    String note =
        read.sae().location().shortName()
            + ": square matrices are read "
            + best.words
            + ", by the variance that stays unexplained: "
            + all(unexplained);
    return new Settled(new LoadedSae(best.of(weights).toSae(), read.name(), read.config()), note);
  }

  private static String all(double[] unexplained) {
    return Arrays.stream(Way.values())
        .map(way -> String.format(Locale.ROOT, "%s %.3g", way.words, unexplained[way.ordinal()]))
        .collect(Collectors.joining(", "));
  }

  /** Squared error over the squared distance from the mean vector. */
  private static double unexplained(
      Transformer model, Set<WeightStep> processing, SaeWeights weights, Tensor vectors) {
    try (Scope scope = Scope.open();
        SaeSet set = new SaeSet(model, processing)) {
      Sae sae = weights.toSae();
      set.attach(sae);
      Tensor flat = vectors.reshape(-1, sae.width());
      Tensor error = sae.error(flat).toDoubles();
      Tensor spread = flat.sub(flat.meanKeep(0)).toDoubles();
      return error.mul(error).sum().item() / spread.mul(spread).sum().item();
    }
  }

  private static float[] transposed(float[] matrix, int size) {
    float[] other = new float[matrix.length];
    for (int row = 0; row < size; row++) {
      for (int column = 0; column < size; column++) {
        other[column * size + row] = matrix[row * size + column];
      }
    }
    return other;
  }
}
