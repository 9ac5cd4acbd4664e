package org.zlens.repl.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A sweep by the least work against the paper's own loop, against the products that it cannot do
 * without, and against what its plan foretells.
 *
 * @param name name of the benchmark
 * @param kind what the probe sweeps
 * @param factor how many times faster than the loop it must be; 0 where seconds are the limit
 * @param seconds what it may take where no factor is the limit
 * @param runs of the planned sweep, of which the median counts
 * @param what the sweep in words
 */
record SweepSpeed(String name, String kind, double factor, double seconds, int runs, String what)
    implements Benchmark {
  private static final double MEGABYTE = 1e6;
  private static final double SAME = 1e-3;

  static SweepSpeed features() {
    return new SweepSpeed(
        "sweep-features",
        "features",
        25,
        0,
        3,
        "64 features of 24,576 at L5.z ablated at S2 in 100 prompts of 15 tokens");
  }

  static SweepSpeed heads() {
    return new SweepSpeed(
        "sweep-heads", "heads", 8, 0, 1, "144 heads ablated at S2 in 100 prompts of 15 tokens");
  }

  static SweepSpeed sprig() {
    return new SweepSpeed(
        "sweep-sprig", "sprig", 0, 3, 3, "64 features of sprig ablated at S2 in 100 prompts");
  }

  @Override
  public Measurement measure() throws IOException, InterruptedException {
    return measureAll().get(0);
  }

  @Override
  public List<Measurement> measureAll() throws IOException, InterruptedException {
    double[] found = Probe.numbers(SweepProbe.class, kind, Integer.toString(runs));
    if (found[7] > SAME) {
      throw new IllegalStateException("effects differ from those of the loop by " + found[7]);
    }
    double real = found[0];
    double loop = found[1];
    String share = String.format(Locale.ROOT, "%.1f %% of the pairs ran", 100 * found[4]);
    List<Measurement> all = new ArrayList<>();
    all.add(
        new Measurement(
            name,
            real,
            "s",
            loop,
            factor > 0 ? loop / factor : seconds,
            what
                + ", "
                + share
                + "; by one pass over all positions with all logits for each, measured on two of"
                + " them and scaled"));
    if (factor > 0) {
      all.add(
          new Measurement(
              name + "-work",
              real,
              "s",
              found[2],
              1.5 * found[2],
              "the same; the plan's floating-point operations at the machine's matrix speed"));
    }
    all.add(
        new Measurement(
            name + "-foretold",
            Math.max(real / found[3], found[3] / real),
            "times",
            found[3],
            2,
            "how far the time that the plan foretells is from the real one; it, in seconds"));
    all.add(
        new Measurement(
            name + "-memory",
            found[5] / MEGABYTE,
            "MB",
            found[6] / MEGABYTE,
            SweepProbe.BUDGET / MEGABYTE,
            "resident memory that the sweep adds, whose limit is the budget; what its plan"
                + " foretells"));
    return all;
  }
}
