package org.zlens.engine.sae;

/**
 * A transcoder in native memory, and where it came from; whoever holds it owns the transcoder.
 *
 * @param name what the user called it: a path
 * @param normalization what it does to its input
 * @param basis of which weights of the model the training activations were
 */
public record LoadedTranscoder(
    Transcoder transcoder,
    String name,
    InputNormalization normalization,
    WeightBasis basis,
    SaeSource source) {
  /** The same transcoder under another name. */
  public LoadedTranscoder named(String other) {
    return new LoadedTranscoder(transcoder, other, normalization, basis, source);
  }

  /** Where it reads and what it predicts, for example {@code L5.mlp_in to L5.mlp_out}. */
  public String sites() {
    return transcoder.input().shortName() + " to " + transcoder.output().shortName();
  }
}
