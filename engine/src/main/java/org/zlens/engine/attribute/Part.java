package org.zlens.engine.attribute;

/** What a row of an attribution stands for. */
public enum Part {
  /** The token embedding. */
  EMBED("embed"),
  /** The position embedding. */
  POS_EMBED("pos_embed"),
  /** A head of a layer; the index is the head. */
  HEAD("head"),
  /** A source position. */
  SOURCE("source"),
  /** A head at a source position; the index is the head. */
  HEAD_AT_SOURCE("head at source"),
  /** What several parts add together that have no rows of their own. */
  OTHERS("others"),
  /** The whole attention output of a layer, its bias included. */
  ATTN_OUT("attn_out"),
  /** The whole MLP output of a layer, its bias included. */
  MLP_OUT("mlp_out"),
  /** A feature of an attention-output SAE. */
  ATTENTION_FEATURE("attention feature"),
  /** A feature of a residual SAE. */
  RESIDUAL_FEATURE("residual feature"),
  /** A feature of a transcoder, which stands for what an MLP writes. */
  TRANSCODER_FEATURE("transcoder feature"),
  /** The decoder bias of a transcoder. */
  TRANSCODER_BIAS("mlp b_dec"),
  /** What the skip connection of a transcoder passes on of its input. */
  TRANSCODER_SKIP("mlp skip"),
  /** What a transcoder misses of the MLP's output. */
  TRANSCODER_ERROR("mlp error"),
  /** What the biases of an MLP add once its gates are held fixed. */
  MLP_BIAS("mlp bias"),
  /** The decoder bias of an attention-output SAE. */
  SAE_BIAS("b_dec"),
  /** What the reconstruction of an attention-output SAE misses. */
  SAE_ERROR("error"),
  /** The decoder bias of a residual SAE. */
  RESIDUAL_BIAS("resid_pre.b_dec"),
  /** What the reconstruction of a residual SAE misses. */
  RESIDUAL_ERROR("resid_pre.error"),
  /** The bias of an attention output, folded value biases included. */
  OUTPUT_BIAS("b_O"),
  /** Value biases, and norm biases seen through the values; zero on processed weights. */
  VALUE_BIAS("value bias"),
  /** The bias of a head's queries, that of the norm before them included. */
  QUERY_BIAS("query bias"),
  /** The bias of a head's keys, that of the norm before them included. */
  KEY_BIAS("key bias"),
  /** The bias of the final norm, seen through the unembedding; zero on processed weights. */
  NORM_BIAS("norm bias"),
  /** The bias of the unembedding. */
  UNEMBED_BIAS("b_U"),
  /** What is left of a pre-activation when the input is zero (paper-spec A.4). */
  CONSTANT("constant"),
  /** The logit of a token; the index is the token. */
  LOGIT("logit"),
  /** The logit of a token over that of another. */
  LOGIT_DIFFERENCE("logit difference"),
  /** What prompts are measured by. */
  METRIC("metric");

  private final String label;

  Part(String label) {
    this.label = label;
  }

  /** The name for tables. */
  public String label() {
    return label;
  }

  /**
   * The address of a head, feature or component, for example {@code L5.F44256}; or the label.
   *
   * @param layer the layer that it belongs to, -1 if none
   * @param index head, feature or token, -1 if none
   */
  public String address(int layer, int index) {
    return switch (this) {
      case ATTENTION_FEATURE -> "L" + layer + ".F" + index;
      case RESIDUAL_FEATURE -> "L" + layer + ".R" + index;
      case HEAD, HEAD_AT_SOURCE -> "L" + layer + ".H" + index;
      case TRANSCODER_FEATURE -> "L" + layer + ".T" + index;
      case TRANSCODER_BIAS,
          TRANSCODER_SKIP,
          TRANSCODER_ERROR,
          MLP_BIAS,
          ATTN_OUT,
          MLP_OUT,
          SAE_BIAS,
          SAE_ERROR,
          RESIDUAL_BIAS,
          RESIDUAL_ERROR,
          OUTPUT_BIAS,
          VALUE_BIAS,
          QUERY_BIAS,
          KEY_BIAS ->
          "L" + layer + "." + label;
      case LOGIT -> label + " " + index;
      case EMBED,
          POS_EMBED,
          SOURCE,
          OTHERS,
          NORM_BIAS,
          UNEMBED_BIAS,
          CONSTANT,
          LOGIT_DIFFERENCE,
          METRIC ->
          label;
    };
  }
}
