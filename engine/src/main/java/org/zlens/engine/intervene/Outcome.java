package org.zlens.engine.intervene;

import java.util.Arrays;
import java.util.List;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Firing;

/**
 * A metric of a clean and of a changed pass, prompt by prompt.
 *
 * @param name what was changed
 * @param metric what was read
 * @param clean metric of the clean pass, {@code [batch]}
 * @param changed metric of the changed pass, {@code [batch]}
 * @param firings the edits of the intervention and how much each changed at its site
 */
public record Outcome(
    String name, String metric, double[] clean, double[] changed, List<Firing> firings) {

  /**
   * Refuses a metric that an edit has made meaningless, such as one of logits that are no numbers.
   */
  public Outcome {
    for (int row = 0; row < changed.length; row++) {
      if (!Double.isFinite(changed[row]) && Double.isFinite(clean[row])) {
        throw new ZlensException(
            Kind.RUNTIME,
            name + ": the " + metric + " of prompt " + row + " is " + changed[row],
            "what the edit leaves cannot be computed with");
      }
    }
  }

  /** Changed minus clean for each prompt. */
  public double[] effects() {
    double[] effects = new double[clean.length];
    Arrays.setAll(effects, row -> changed[row] - clean[row]);
    return effects;
  }

  /** Mean of changed minus clean over the prompts. */
  public double meanEffect() {
    return mean(effects());
  }

  /** Mean of the clean metric over the prompts. */
  public double meanClean() {
    return mean(clean);
  }

  /** Mean of the changed metric over the prompts. */
  public double meanChanged() {
    return mean(changed);
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(Double.NaN);
  }
}
