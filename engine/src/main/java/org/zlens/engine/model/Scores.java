package org.zlens.engine.model;

import java.util.stream.LongStream;
import org.zlens.engine.runtime.Kernels;
import org.zlens.engine.runtime.Tensor;

/**
 * What a block makes of queries and keys: how they turn with the position, and the scores that the
 * softmax takes.
 */
public final class Scores {
  private final ModelConfig config;
  private final AttentionRules rules;

  /** The scores of a model. */
  public Scores(ModelConfig config) {
    this.config = config;
    this.rules = config.architecture().attention();
  }

  /**
   * Queries or keys turned as their positions ask; as they are in a model that does not turn them.
   *
   * @param heads {@code [batch, pos, head, d_head]}
   * @param positions int64 {@code [batch or 1, pos]}
   */
  public Tensor turned(Tensor heads, Tensor positions) {
    if (!(config.architecture().positions() instanceof PositionScheme.Rotary rotary)) {
      return heads;
    }
    float[] frequencies = rotary.frequencies();
    return Kernels.call("rotate", heads, positions, Tensor.of(frequencies, frequencies.length));
  }

  /**
   * A linear map to queries or keys followed by the turn of a position.
   *
   * @param map {@code [.., d_head]}
   */
  public Tensor turned(Tensor map, long position) {
    Tensor rows = map.reshape(1, 1, -1, config.dHead());
    return turned(rows, Tensor.of(new long[] {position}, 1, 1)).reshape(map.shape());
  }

  /**
   * Which of the first keys each position attends to: {@code [row, 1, pos, key]}.
   *
   * @param positions int64 {@code [row, pos]}
   * @param reach how many positions each sees, itself included; 0 for all
   */
  static Tensor mask(Tensor positions, long keys, int reach) {
    Tensor all = Tensor.of(LongStream.range(0, keys).toArray(), keys);
    return Kernels.call("sees", positions, all, reach);
  }

  /** Which of the first keys each position attends to in a block: {@code [row, 1, pos, key]}. */
  public Tensor sees(Tensor positions, long keys, int layer) {
    return mask(positions, keys, rules.reach(layer));
  }

  /**
   * Scores {@code [batch, head, query, key]} of queries and keys as they are turned.
   *
   * @param keys repeated for the heads that share them
   * @param sees which keys each query attends to; null where it is all up to its own position
   */
  public Tensor of(Tensor queries, Tensor keys, Tensor sees) {
    return sees == null
        ? Kernels.call("attention_scores", queries, keys, rules.scale(), rules.softCap())
        : Kernels.call("window_scores", queries, keys, sees, rules.scale(), rules.softCap());
  }

  /** Keys or values of {@code [batch, pos, kv, d_head]}, those that are shared repeated. */
  public Tensor perHead(Tensor own) {
    int share = config.heads() / config.keyValueHeads();
    return share == 1 ? own : Kernels.call("repeat_heads", own, share);
  }

  /** Values mixed, {@code [batch, pos, head, d_head]}, where nobody looks at scores or pattern. */
  Tensor mixed(Tensor queries, Tensor keys, Tensor values, Tensor sees) {
    if (rules.softCap() > 0) {
      return Kernels.call("attention_z", of(queries, keys, sees).softmax(-1), values);
    }
    return sees == null
        ? Kernels.call("attention_fused", queries, keys, values, rules.scale())
        : Kernels.call("attention_window", queries, keys, values, sees, rules.scale());
  }
}
