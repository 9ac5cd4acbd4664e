package org.zlens.engine.plan;

import java.util.Collection;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.Rerun;
import org.zlens.engine.model.Start;

/** Work and memory of the passes of a model over prompts of so many positions. */
final class ModelCost {
  private static final double NORM_CALLS = 4;
  private static final double ATTENTION_CALLS = 24;
  private static final double MLP_CALLS = 12;

  /** What going through a number costs where nothing but memory limits it, against a GELU. */
  private static final double PLAIN = 0.5;

  private final ModelConfig config;
  private final int positions;

  ModelCost(ModelConfig config, int positions) {
    this.config = config;
    this.positions = positions;
  }

  /** A pass over whole prompts up to a block, that one left out; no logits. */
  Cost whole(int rows, int end) {
    Cost cost = norm(rows, positions);
    for (int layer = 0; layer < end; layer++) {
      cost =
          cost.plus(attention(rows, positions, positions, false))
              .plus(output(rows, positions))
              .plus(mlp(rows, positions));
    }
    return cost;
  }

  /** A part of a run that is run again; edits and logits apart. */
  Cost rerun(Rerun rerun) {
    int layers = config.layers();
    Start start = rerun.start();
    int rows = rerun.touched().size();
    Cost cost = rerun.last() < layers ? Cost.NONE : norm(rows, rerun.end(layers).width());
    for (int layer = start.layer(); layer < Math.min(rerun.last() + 1, layers); layer++) {
      int keys = layer == start.layer() ? rerun.touched().width() : rerun.reached().width();
      int asking = keys;
      if (layer == layers - 1 && layer >= start.firstAttention()) {
        asking = rerun.read().width();
      }
      if (layer >= start.firstAttention()) {
        cost = cost.plus(attention(rows, keys, asking, true));
      }
      if (layer > start.layer() || start.entry() != Start.Entry.MIDDLE) {
        cost = cost.plus(output(rows, asking));
      }
      cost = cost.plus(mlp(rows, asking));
    }
    return cost;
  }

  /**
   * Reading logits of places.
   *
   * @param columns tokens that are read at each; 0 for all
   */
  Cost logits(double cells, int columns) {
    double each = columns == 0 ? config.dVocab() : columns;
    return new Cost(2 * cells * each * config.dModel(), columns == 0 ? 2 * cells * each : 0, 20);
  }

  private Cost norm(double rows, double width) {
    return new Cost(0, rows * width * 2 * config.dModel() * PLAIN, NORM_CALLS);
  }

  private Cost attention(double rows, double keys, double asking, boolean beside) {
    double d = config.dModel();
    double own = (double) config.keyValueHeads() * config.dHead();
    double all = (double) config.heads() * config.dHead();
    double flops = 2 * d * (asking * all + 2 * keys * own) + 4 * asking * positions * all;
    double over = beside ? 2 * positions * own : 0;
    double scores = 3 * asking * positions * config.heads();
    double values = 2 * keys * d + over + scores + asking * all;
    return new Cost(rows * flops, rows * values * PLAIN, ATTENTION_CALLS);
  }

  private Cost output(double rows, double width) {
    double all = (double) config.heads() * config.dHead();
    double values = 2 * config.dModel() * width * PLAIN;
    return new Cost(2 * rows * width * all * config.dModel(), rows * values, 4);
  }

  private Cost mlp(double rows, double width) {
    double flops = 4.0 * config.dModel() * config.dMlp();
    double values = config.dMlp() + 4 * config.dModel() * PLAIN;
    return new Cost(rows * width * flops, rows * width * values, MLP_CALLS);
  }

  // ---- memory, in bytes

  /** Values that a clean run keeps of a prompt. */
  long kept(Collection<Location> locations) {
    long values = 0;
    for (Location at : locations) {
      values += (long) positions * width(at);
    }
    return Float.BYTES * values;
  }

  private long width(Location at) {
    if (at.site() == Site.PATTERN || at.site() == Site.ATTN_SCORES) {
      return (long) config.heads() * positions;
    }
    return Math.max(1, at.site().vectorWidth(config));
  }

  /** What a clean run holds of a prompt while it goes on. */
  long working() {
    long streams = config.layers() + 4L;
    return Float.BYTES * positions * (streams * config.dModel() + inBlock());
  }

  /** What a row of a pass beside the clean run holds while it goes on. */
  long working(long width) {
    long streams = config.layers() + 6L;
    long share = config.heads() / config.keyValueHeads();
    long keys = 2L * config.keyValueHeads() * config.dHead() * (share == 1 ? 1 : 1 + share);
    long scores = 2L * config.heads() * width * positions;
    long attention = positions * keys + scores;
    return Float.BYTES
        * (width * (streams * config.dModel() + 2L * config.heads() * config.dHead())
            + Math.max(width * inBlock(), attention + 4 * width * config.dModel()));
  }

  private long inBlock() {
    return 5L * config.dModel() + 2L * config.dMlp();
  }

  /**
   * Logits and what is made of them.
   *
   * @param columns tokens that are read at each place; 0 for all
   */
  long logitBytes(long cells, int columns) {
    long each = columns == 0 ? 6L * config.dVocab() : 4L * columns;
    return Float.BYTES * cells * (each + 2L * config.dModel());
  }
}
