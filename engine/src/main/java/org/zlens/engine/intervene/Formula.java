package org.zlens.engine.intervene;

import java.util.Arrays;
import java.util.List;
import org.zlens.engine.runtime.Tensor;

/** Arithmetic over what a model predicts, one number for each prompt. */
public sealed interface Formula {
  /** What is read of the prediction of a token. */
  enum Quantity {
    LOGIT,
    PROBABILITY,
    LOG_PROBABILITY
  }

  /** What joins two formulas. */
  enum Operation {
    PLUS,
    MINUS,
    TIMES,
    OVER
  }

  /** The same number for all prompts. */
  record Constant(double value) implements Formula {}

  /**
   * What is predicted for a token at a place.
   *
   * @param at position of each prompt
   * @param tokens token of each prompt
   */
  record Read(Quantity quantity, int[] at, long[] tokens) implements Formula {
    /** Checks that each prompt has both. */
    public Read {
      if (at.length != tokens.length) {
        throw new IllegalArgumentException("positions and tokens must come in equal numbers");
      }
    }
  }

  /** The opposite of a formula. */
  record Negative(Formula of) implements Formula {}

  /** Two formulas joined. */
  record Joined(Operation operation, Formula left, Formula right) implements Formula {}

  /** Adds the reads of this formula in the order in which they stand. */
  default void reads(List<Read> all) {
    if (this instanceof Read read) {
      all.add(read);
    } else if (this instanceof Negative negative) {
      negative.of.reads(all);
    } else if (this instanceof Joined joined) {
      joined.left.reads(all);
      joined.right.reads(all);
    }
  }

  /**
   * The value, gradients included.
   *
   * @param reads the values of {@link #reads}, {@code [row]} each
   * @param values what was read for each of them
   */
  default Tensor value(List<Read> reads, List<Tensor> values) {
    if (this instanceof Constant constant) {
      return Tensor.full(constant.value, values.get(0).size(0)).toDoubles();
    }
    if (this instanceof Negative negative) {
      return negative.of.value(reads, values).mul(-1);
    }
    if (this instanceof Joined joined) {
      Tensor left = joined.left.value(reads, values);
      Tensor right = joined.right.value(reads, values);
      return switch (joined.operation) {
        case PLUS -> left.add(right);
        case MINUS -> left.sub(right);
        case TIMES -> left.mul(right);
        case OVER -> left.div(right);
      };
    }
    for (int i = 0; i < reads.size(); i++) {
      if (reads.get(i) == this) {
        return values.get(i);
      }
    }
    throw new IllegalArgumentException(this + " is not among " + Arrays.toString(reads.toArray()));
  }
}
