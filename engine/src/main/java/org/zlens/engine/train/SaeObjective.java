package org.zlens.engine.train;

import java.util.List;

/**
 * What an SAE in training is asked for: how features become active, and what the loss counts beside
 * the squared error. Every loss is a mean over the vectors of a batch, summed over their
 * components.
 */
public sealed interface SaeObjective {
  /** Whether {@code b_dec} is subtracted from the input. */
  boolean centersInput();

  /** Whether the decoder's rows are kept at norm one. */
  boolean unitDecoder();

  /**
   * Whether inputs are multiplied by a constant that brings their mean norm to the root of d_in.
   */
  default boolean scalesInput() {
    return true;
  }

  /**
   * Squared error plus {@code sparsity} times the sum of the activations, which are ReLUs (the
   * paper's, paper-spec B.1).
   */
  record Lasso(double sparsity) implements SaeObjective {
    @Override
    public boolean centersInput() {
      return true;
    }

    @Override
    public boolean unitDecoder() {
      return true;
    }

    @Override
    public boolean scalesInput() {
      return false;
    }
  }

  /**
   * The same with each activation weighted by the norm of its decoder row, which is free (Olah et
   * al., April 2024; paper-spec B.2).
   *
   * @param ramp steps over which the weight of the sparsity rises from nothing
   */
  record DecoderLasso(double sparsity, long ramp) implements SaeObjective {
    @Override
    public boolean centersInput() {
      return false;
    }

    @Override
    public boolean unitDecoder() {
      return false;
    }
  }

  /**
   * Squared error with a given number of active features (Gao et al. 2024; Bussmann et al. 2024 for
   * the choice over a whole batch and for nested prefixes). Features that slept for long are asked
   * to rebuild what the others miss.
   *
   * @param k active features of a vector, on the average where the batch shares them
   * @param wholeBatch whether the largest of the whole batch are chosen, not those of each vector
   * @param prefixes rising numbers of features, each of which is asked to rebuild the vector alone;
   *     the last is the width
   * @param asleepAfter vectors without an activation after which a feature is asked for help
   */
  record TopK(int k, boolean wholeBatch, List<Integer> prefixes, long asleepAfter)
      implements SaeObjective {
    /** Keeps the prefixes from changing. */
    public TopK {
      prefixes = List.copyOf(prefixes);
    }

    @Override
    public boolean centersInput() {
      return true;
    }

    @Override
    public boolean unitDecoder() {
      return true;
    }
  }

  /**
   * Squared error plus {@code sparsity} times the number of active features, each of which must
   * exceed a threshold of its own (Rajamanoharan et al. 2024, with straight-through gradients).
   *
   * @param bandwidth width of the window around a threshold from which its gradient is estimated
   * @param ramp steps over which the weight of the sparsity rises from nothing
   */
  record JumpRelu(double sparsity, double bandwidth, long ramp) implements SaeObjective {
    @Override
    public boolean centersInput() {
      return false;
    }

    @Override
    public boolean unitDecoder() {
      return false;
    }
  }

  /**
   * Squared error of a gated SAE, {@code sparsity} times the sum of its gates' ReLUs, and the
   * squared error of what these alone rebuild (Rajamanoharan et al. 2024).
   *
   * @param ramp steps over which the weight of the sparsity rises from nothing
   */
  record Gated(double sparsity, long ramp) implements SaeObjective {
    @Override
    public boolean centersInput() {
      return true;
    }

    @Override
    public boolean unitDecoder() {
      return true;
    }
  }
}
