package org.zlens.engine.model;

/**
 * What differs between the families of transformers beside sizes, norm and activation; all of it
 * data that one forward pass reads.
 *
 * @param parallel whether the MLP reads the stream before the attention of its block, as in
 *     GPT-NeoX, instead of after it
 * @param postNorms whether what attention and MLP write is normalised before it is added to the
 *     stream, as in Gemma 2
 * @param logitCap logits are {@code cap * tanh(logit / cap)}; zero where they are as they come
 */
public record Architecture(
    PositionScheme positions,
    MlpKind mlp,
    boolean parallel,
    boolean postNorms,
    AttentionRules attention,
    double logitCap) {

  /** Refuses caps that are none. */
  public Architecture {
    if (!(logitCap >= 0) || Double.isInfinite(logitCap)) {
      throw new IllegalArgumentException("logit cap " + logitCap);
    }
  }

  /** That of GPT-2. */
  public static Architecture gpt2(int dHead) {
    return new Architecture(
        new PositionScheme.Learned(), MlpKind.PLAIN, false, false, AttentionRules.plain(dHead), 0);
  }

  /** That of Llama, and with another activation of Gemma: all of a head turns, the MLP is gated. */
  public static Architecture llama(int dHead, PositionScheme.Rotary rotary) {
    return new Architecture(rotary, MlpKind.GATED, false, false, AttentionRules.plain(dHead), 0);
  }

  /** That of GPT-NeoX: attention and MLP side by side, part of a head turns. */
  public static Architecture neox(int dHead, PositionScheme.Rotary rotary) {
    return new Architecture(rotary, MlpKind.PLAIN, true, false, AttentionRules.plain(dHead), 0);
  }

  /** This with other positions. */
  public Architecture with(PositionScheme other) {
    return new Architecture(other, mlp, parallel, postNorms, attention, logitCap);
  }

  /** This with another MLP. */
  public Architecture with(MlpKind other) {
    return new Architecture(positions, other, parallel, postNorms, attention, logitCap);
  }

  /** This with other rules of attention. */
  public Architecture with(AttentionRules other) {
    return new Architecture(positions, mlp, parallel, postNorms, other, logitCap);
  }

  /** This with norms after attention and MLP. */
  public Architecture withPostNorms() {
    return new Architecture(positions, mlp, parallel, true, attention, logitCap);
  }

  /** This with logits that are capped. */
  public Architecture withLogitCap(double cap) {
    return new Architecture(positions, mlp, parallel, postNorms, attention, cap);
  }

  /** Whether queries and keys turn with the position. */
  public boolean rotates() {
    return positions instanceof PositionScheme.Rotary;
  }
}
