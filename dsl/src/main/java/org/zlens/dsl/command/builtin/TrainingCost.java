package org.zlens.dsl.command.builtin;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.zlens.dsl.command.engine.Counted;
import org.zlens.dsl.command.engine.Estimate;
import org.zlens.dsl.command.engine.Estimate.Fact;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.plan.Cost;
import org.zlens.engine.plan.WholePass;
import org.zlens.engine.train.SprigRecipe;

/** What it takes to train SAEs on passes over a text. */
final class TrainingCost {
  /** Numbers gone through for each activation and each weight of a step. */
  private static final double VALUES = 8;

  private static final double VALUES_OF_WEIGHT = 12;
  private static final double CALLS = 80;

  /** Batches that are measured in the end and on the way, where it is measured so often at most. */
  private static final int HELD_OUT = 8;

  private static final int ON_THE_WAY = 2;
  private static final int MEASUREMENTS = 20;
  private static final int LEAST_STEPS_BETWEEN = 50;

  /** Clean, with the reconstruction in the site's place, and with nothing there. */
  private static final int MEASURED = 3;

  private static final int SPRIG_ROWS = 32;
  private static final int SPRIG_BATCH = 1024;

  private final ModelConfig config;
  private final int rows;
  private final int length;
  private final List<Location> sites;

  /**
   * The cost of training.
   *
   * @param rows of a pass
   * @param length tokens of each
   */
  TrainingCost(ModelConfig config, int rows, int length, List<Location> sites) {
    this.config = config;
    this.rows = rows;
    this.length = length;
    this.sites = List.copyOf(sites);
  }

  /** The passes of a training on so many vectors of each site, in so many steps. */
  Estimate passes(long vectors, long steps) {
    long each = (long) rows * length;
    long count = (vectors + each - 1) / each;
    Hooks kept = Hooks.none().capture(sites.toArray(Location[]::new)).withoutLogits();
    WholePass pass = WholePass.of(config, rows, length, kept);
    WholePass whole = WholePass.of(config, rows, length, Hooks.none());
    long heldOut = Math.max(1, Math.min(HELD_OUT, vectors / each / 20));
    long often = Math.min(MEASUREMENTS, Math.max(0, steps - 1) / LEAST_STEPS_BETWEEN);
    long measured = sites.size() * MEASURED * (heldOut + often * Math.min(ON_THE_WAY, heldOut));
    Estimate all = Estimate.of(List.of(pass), count, "row");
    return new Estimate(
        List.of(
            new Fact("steps", Counted.of(steps, "step") + " of each SAE"),
            all.facts().get(0),
            all.facts().get(1),
            new Fact(
                "measured",
                Counted.of(measured, "pass", "passes") + " with logits, on text kept apart")),
        all.cost()
            .plus(new Cost(0, 0, (count + heldOut) * each * MeasuredText.READ))
            .plus(whole.cost().times(measured)),
        Math.max(pass.bytes(), 2 * whole.bytes()));
  }

  /** The making of the embedded model: its own training, then that of two SAEs of each layer. */
  static Estimate sprig(long tokens, long vectors, int workers) {
    ModelConfig config = SprigRecipe.config();
    List<Location> sites =
        IntStream.range(0, config.layers())
            .boxed()
            .flatMap(
                layer -> Stream.of(Location.of(Site.Z, layer), Location.of(Site.RESID_PRE, layer)))
            .toList();
    TrainingCost saes = new TrainingCost(config, SPRIG_ROWS, config.context(), sites);
    long each = (long) SPRIG_ROWS * config.context();
    long steps = tokens / each;
    WholePass pass = WholePass.of(config, SPRIG_ROWS, config.context(), Hooks.none());
    // Each product is made again twice on the way back.
    Cost model =
        pass.cost()
            .plus(new Cost(0, VALUES * each * config.dVocab(), 0))
            .times(3.0 * steps / workers);
    long saeSteps = vectors / SPRIG_BATCH;
    Cost step =
        step(SPRIG_BATCH, SprigRecipe.ATTENTION_WIDTH, config.dModel())
            .plus(step(SPRIG_BATCH, SprigRecipe.RESIDUAL_WIDTH, config.dModel()))
            .times((double) config.layers() * saeSteps / Math.min(workers, sites.size()));
    return new Estimate(
            List.of(new Fact("model", Counted.of(steps, "step") + " of " + each + " tokens")),
            model,
            3 * pass.bytes() * 2)
        .then(saes.passes(vectors, saeSteps).with(step).of("SAEs"));
  }

  /** A step of an SAE of so many features. */
  static Cost step(int batch, double width, int inputs) {
    double weights = width * inputs;
    return new Cost(
        10.0 * batch * weights, VALUES * batch * width + 2 * VALUES_OF_WEIGHT * weights, CALLS);
  }

  /** What an SAE holds: its weights with what the optimizer keeps of them, and a step's values. */
  static long bytes(int batch, long width, int inputs) {
    return Float.BYTES * (8 * width * inputs + 4 * batch * width);
  }
}
