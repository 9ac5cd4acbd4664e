package org.zlens.engine.plan;

import java.util.Collection;
import java.util.List;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.model.MlpKind;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.model.Rerun;
import org.zlens.engine.model.Start;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.model.Window;

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

  /** The last position of each row alone, beside keys and values of those before; no logits. */
  Cost next(int rows) {
    Cost layer = attention(rows, 1, 1, true).plus(output(rows, 1)).plus(mlp(rows, 1));
    return layer.times(config.layers()).plus(norm(rows, 1));
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

  /** The first block of a part of a run that is run again. */
  Cost begin(Rerun rerun) {
    int layer = rerun.start().layer();
    if (layer == config.layers()) {
      return Cost.NONE;
    }
    int rows = rerun.touched().size();
    int width = rerun.touched().width();
    return switch (rerun.start().entry()) {
      case BLOCK -> block(rerun.touched(), rerun.stopAt(layer));
      case MIXED -> output(rows, width).plus(mlp(rows, width));
      case MIDDLE -> mlp(rows, width);
    };
  }

  /** A block that is run again, or as much of it as runs. */
  Cost block(Window window, Rerun.Stop stop) {
    int rows = window.size();
    int width = window.width();
    return switch (stop) {
      case STREAM -> Cost.NONE;
      case MIXED -> attention(rows, width, width, true);
      case NONE ->
          attention(rows, width, width, true).plus(output(rows, width)).plus(mlp(rows, width));
    };
  }

  /** The norm after the last block. */
  Cost norm(Window window) {
    return norm(window.size(), window.width());
  }

  /**
   * Reading logits of places.
   *
   * @param columns tokens that are read at each; 0 for all
   */
  Cost logits(double cells, int columns) {
    double each = columns == 0 ? config.dVocab() : columns;
    double weights = columns == 0 ? each * config.dModel() : 0;
    double values = columns == 0 ? 2 * cells * each : 0;
    return new Cost(2 * cells * each * config.dModel(), values, 20, weights);
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
    double weights = d * (all + 2 * own);
    return new Cost(rows * flops, rows * values * PLAIN, ATTENTION_CALLS, weights);
  }

  /** What the scores and the mixing of attention take by themselves in whole passes. */
  Cost attentionAlone(double rows, int layers) {
    double all = (double) config.heads() * config.dHead();
    double scores = (double) positions * positions * config.heads();
    return new Cost(
        layers * rows * 4 * positions * positions * all,
        layers * rows * 6 * scores * PLAIN,
        layers * ATTENTION_CALLS);
  }

  /** Changes of the values at some locations, times their gradients. */
  Cost moves(Collection<Location> at, int rows) {
    double values = rows * kept(at) / Float.BYTES;
    return new Cost(0, 8 * values * PLAIN, 40.0 * at.size());
  }

  /** What it takes more to keep a location that is not computed otherwise. */
  Cost onDemand(Location at, int rows) {
    double values = (double) rows * positions * width(at);
    double d = config.dModel();
    return switch (at.site()) {
      case PATTERN, ATTN_SCORES -> new Cost(0, 3 * values, ATTENTION_CALLS);
      case RESULT -> new Cost(0, 2 * values, 4);
      case ATTN_IN, Q_INPUT, K_INPUT, V_INPUT ->
          // Each head has a norm of its own and an input of its own to multiply.
          new Cost(2 * values * config.dHead(), 3 * values, 8);
      default -> new Cost(0, 0, 2);
    };
  }

  private Cost output(double rows, double width) {
    double all = (double) config.heads() * config.dHead();
    double values = 2 * config.dModel() * width * PLAIN;
    double weights = all * config.dModel();
    return new Cost(2 * rows * width * weights, rows * values, 4, weights);
  }

  private Cost mlp(double rows, double width) {
    if (!config.hasMlp()) {
      return Cost.NONE;
    }
    double flops = 2.0 * matrices() * config.dModel() * config.dMlp();
    double values = (matrices() - 1) * config.dMlp() + 4 * config.dModel() * PLAIN;
    return new Cost(rows * width * flops, rows * width * values, MLP_CALLS, flops / 2);
  }

  /** How many matrices an MLP has. */
  private int matrices() {
    return config.architecture().mlp() == MlpKind.GATED ? 3 : 2;
  }

  // ---- memory, in bytes

  /** What a pass that ends after so many blocks holds of a prompt, with what it keeps. */
  long held(Collection<Location> kept, int layers) {
    // Streams between blocks are held anyway, and are the same whichever block they are named by.
    List<Location> others =
        kept.stream()
            .filter(at -> at.site() != Site.RESID_PRE && at.site() != Site.RESID_POST)
            .toList();
    return kept(others) + workingTo(layers);
  }

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
    return workingTo(config.layers());
  }

  /** The same for a pass that ends after so many blocks. */
  long workingTo(int layers) {
    long streams = layers + 4L;
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
    return 5L * config.dModel() + (long) matrices() * config.dMlp();
  }

  /** What a pass keeps of a prompt so that gradients find their way back, and the gradients. */
  long recorded() {
    long scores = 3L * config.heads() * positions;
    return Float.BYTES
        * positions
        * config.layers()
        * (9L * config.dModel() + 3L * matrices() * config.dMlp() / 2 + scores);
  }

  /** The logits of all tokens at some places, as a pass leaves them. */
  long logitTensor(long cells) {
    long numbers = cells * config.dVocab();
    // What is computed in pieces is there twice when these are joined.
    return Float.BYTES * numbers * (numbers > Transformer.LOGITS_AT_ONCE ? 2 : 1);
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
