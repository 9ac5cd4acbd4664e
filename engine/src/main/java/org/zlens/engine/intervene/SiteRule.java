package org.zlens.engine.intervene;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.BinaryOperator;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.runtime.Tensor;

/** What becomes of the values of a {@link Target} at its places. */
public sealed interface SiteRule permits Replacement, SiteRule.Arithmetic, SiteRule.Computed {
  /** What it does to a target, for example {@code scale L2.z by 0.5}. */
  String describe(String target);

  /** Whether it needs the clean values of the target. */
  default boolean readsClean() {
    return false;
  }

  /** Whether the new values at a place hang on the values there alone. */
  default boolean byPlace() {
    return true;
  }

  /** What an edit by it owes that must act as far as it can. */
  default Edit.Effect owes(Edit.Effect owed) {
    return owed;
  }

  /** New values {@code [cell, ..]}, of the same shape. */
  Tensor apply(Tensor values, SitePlaces places);

  /** A rule that hangs on nothing but the values themselves. */
  sealed interface Arithmetic extends SiteRule {
    /** New values of the same shape. */
    Tensor apply(Tensor values);

    @Override
    default Tensor apply(Tensor values, SitePlaces places) {
      return apply(values);
    }
  }

  /** They become zero, biases in them included. */
  record Zero() implements Arithmetic {
    @Override
    public String describe(String target) {
      return "zero " + target;
    }

    @Override
    public Tensor apply(Tensor values) {
      // Not a product: scores hold minus infinity.
      return Tensor.zeros(values.shape());
    }
  }

  /** All of them become one number. */
  record Constant(double number) implements Arithmetic {
    @Override
    public String describe(String target) {
      return "set " + target + " to " + text(number);
    }

    @Override
    public Tensor apply(Tensor values) {
      return Tensor.full(number, values.shape());
    }
  }

  /** They are multiplied by a number other than 1. */
  record Scale(double factor) implements Arithmetic {
    /** Refuses a factor that changes nothing. */
    public Scale {
      if (factor == 1) {
        throw new ZlensException(Kind.USAGE, "a factor of 1 changes nothing", null);
      }
    }

    @Override
    public String describe(String target) {
      return "scale " + target + " by " + text(factor);
    }

    @Override
    public Tensor apply(Tensor values) {
      return values.mul(factor);
    }
  }

  /**
   * A vector is added.
   *
   * @param vector one number for each of the target, heads joined head-major, or for each of one
   *     head, which then all heads of the target are given
   * @param text what it is, for messages, for example {@code 4 L2.F417}
   */
  record Add(float[] vector, String text) implements Arithmetic {
    /** Refuses a vector that changes nothing. */
    public Add {
      vector = vector.clone();
      boolean zero = true;
      for (float number : vector) {
        zero &= number == 0;
      }
      if (zero) {
        throw new ZlensException(Kind.USAGE, "adding zeros changes nothing", null);
      }
    }

    @Override
    public String describe(String target) {
      return "add " + text + " to " + target;
    }

    @Override
    public String toString() {
      return "add " + text + " " + Arrays.toString(vector);
    }

    @Override
    public Tensor apply(Tensor values) {
      long[] shape = values.shape();
      long last = shape[shape.length - 1];
      long heads = shape.length > 2 ? shape[shape.length - 2] : 1;
      if (vector.length == last) {
        return values.add(Tensor.of(vector, last));
      }
      if (vector.length == heads * last) {
        return values.add(Tensor.of(vector, heads, last));
      }
      throw new ZlensException(
          Kind.TYPE,
          "a vector of "
              + vector.length
              + " numbers does not fit values of shape "
              + Arrays.toString(shape),
          "directions of a site go with sites of the same width");
    }
  }

  /**
   * They become what a function makes of them.
   *
   * @param text what the function is, for messages
   * @param function gives values of the same shape as the first that it is given; the second are
   *     the means, or null
   * @param mean gives means of the values, if the function wants them
   * @param byPlace whether the function works out each place by itself; one that may look at all
   *     places is given all of them at once
   */
  record Computed(
      String text, BinaryOperator<Tensor> function, Optional<Replacement> mean, boolean byPlace)
      implements SiteRule {
    @Override
    public String describe(String target) {
      return "hook " + target + " becomes " + text;
    }

    @Override
    public boolean readsClean() {
      return mean.filter(Replacement::readsClean).isPresent();
    }

    @Override
    public Tensor apply(Tensor values, SitePlaces places) {
      if (mean.isEmpty()) {
        return function.apply(values, null);
      }
      Cells listed = places.cells().listed(places.batch());
      SitePlaces each = new SitePlaces(places.target(), listed, places.batch(), places.clean());
      return function.apply(values, mean.get().apply(values, each).reshape(values.shape()));
    }

    /** As text that tells two apart as far as their text does. */
    @Override
    public String toString() {
      return "computed " + text + mean;
    }
  }

  private static String text(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e9
        ? Long.toString((long) number)
        : Double.toString(number);
  }
}
