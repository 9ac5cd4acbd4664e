package org.zlens.engine.report;

import java.util.List;

/** Where the marks of a picture stand along an axis: at names, or at numbers. */
public sealed interface Scale {
  /** How many marks. */
  int size();

  /** Places with names, in the order given; a name may come again. */
  record Names(List<String> names) implements Scale {
    /** Keeps the names from changing. */
    public Names {
      names = List.copyOf(names);
    }

    @Override
    public int size() {
      return names.size();
    }
  }

  /** Places at numbers; NaN leaves a mark out. */
  record Numbers(double[] numbers) implements Scale {
    /** Keeps the numbers from changing. */
    public Numbers {
      numbers = numbers.clone();
    }

    @Override
    public int size() {
      return numbers.length;
    }
  }
}
