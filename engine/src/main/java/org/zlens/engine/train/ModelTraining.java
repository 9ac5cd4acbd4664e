package org.zlens.engine.train;

import java.nio.file.Path;
import java.util.List;
import org.zlens.engine.data.sprig.Mix;
import org.zlens.engine.model.ModelConfig;

/**
 * All that decides how a model is trained; the same plan gives the same weights on the same
 * machine.
 *
 * @param phases texts in order, each for a number of tokens
 * @param rows rows of a batch, a multiple of {@code workers}
 * @param rowLength tokens of a row
 * @param muonRate learning rate of the matrices of the blocks
 * @param adamRate learning rate of everything else
 * @param warmUp steps over which the rates rise from nothing
 * @param coolDown share of all steps, at the end, over which they fall to nothing
 * @param workers threads, each with its part of the batch
 * @param folder where checkpoints go
 * @param checkpointEvery steps between checkpoints
 */
public record ModelTraining(
    ModelConfig config,
    long seed,
    List<Phase> phases,
    int rows,
    int rowLength,
    double muonRate,
    double adamRate,
    int warmUp,
    double coolDown,
    int workers,
    Path folder,
    int checkpointEvery) {

  /** A text and how many tokens to read of it. */
  public record Phase(Mix mix, long tokens) {}

  /** Refuses a plan whose batch cannot be shared out. */
  public ModelTraining {
    phases = List.copyOf(phases);
    if (rows % workers != 0) {
      throw new IllegalArgumentException(rows + " rows cannot be shared by " + workers);
    }
    if (rowLength > config.context()) {
      throw new IllegalArgumentException("rows are longer than the context");
    }
  }

  /** Steps of all phases together. */
  public long steps() {
    return phases.stream().mapToLong(this::steps).sum();
  }

  /** Steps of one phase. */
  long steps(Phase phase) {
    return phase.tokens() / ((long) rows * rowLength);
  }

  /** Share of the full learning rates at a step. */
  double rate(long step) {
    long total = steps();
    double rise = Math.min(1, (step + 1.0) / warmUp);
    double fall = (total - step) / Math.max(1, coolDown * total);
    return Math.min(rise, Math.min(1, fall));
  }
}
