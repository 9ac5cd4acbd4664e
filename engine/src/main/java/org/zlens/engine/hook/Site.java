package org.zlens.engine.hook;

import org.zlens.engine.model.ModelConfig;

/**
 * The places in a forward pass that can be looked at and edited, under TransformerLens's names.
 *
 * <p>A site inside a block has a name with the block's number in it ({@code blocks.5.attn.hook_z})
 * and a short form ({@code L5.z}); see {@link Location}.
 */
public enum Site {
  EMBED("hook_embed", "embed"),
  POS_EMBED("hook_pos_embed", "pos_embed"),
  RESID_PRE("blocks.{}.hook_resid_pre", "resid_pre"),
  ATTN_IN("blocks.{}.hook_attn_in", "attn_in"),
  Q_INPUT("blocks.{}.hook_q_input", "q_input"),
  K_INPUT("blocks.{}.hook_k_input", "k_input"),
  V_INPUT("blocks.{}.hook_v_input", "v_input"),
  LN1_SCALE("blocks.{}.ln1.hook_scale", "ln1.scale"),
  LN1_NORMALIZED("blocks.{}.ln1.hook_normalized", "ln1.normalized"),
  Q("blocks.{}.attn.hook_q", "q"),
  K("blocks.{}.attn.hook_k", "k"),
  V("blocks.{}.attn.hook_v", "v"),
  ROT_Q("blocks.{}.attn.hook_rot_q", "rot_q"),
  ROT_K("blocks.{}.attn.hook_rot_k", "rot_k"),
  ATTN_SCORES("blocks.{}.attn.hook_attn_scores", "attn_scores"),
  PATTERN("blocks.{}.attn.hook_pattern", "pattern"),
  Z("blocks.{}.attn.hook_z", "z"),
  RESULT("blocks.{}.attn.hook_result", "result"),
  LN1_POST_SCALE("blocks.{}.ln1_post.hook_scale", "ln1_post.scale"),
  LN1_POST_NORMALIZED("blocks.{}.ln1_post.hook_normalized", "ln1_post.normalized"),
  ATTN_OUT("blocks.{}.hook_attn_out", "attn_out"),
  RESID_MID("blocks.{}.hook_resid_mid", "resid_mid"),
  MLP_IN("blocks.{}.hook_mlp_in", "mlp_in"),
  LN2_SCALE("blocks.{}.ln2.hook_scale", "ln2.scale"),
  LN2_NORMALIZED("blocks.{}.ln2.hook_normalized", "ln2.normalized"),
  PRE("blocks.{}.mlp.hook_pre", "pre"),
  PRE_LINEAR("blocks.{}.mlp.hook_pre_linear", "pre_linear"),
  POST("blocks.{}.mlp.hook_post", "post"),
  LN2_POST_SCALE("blocks.{}.ln2_post.hook_scale", "ln2_post.scale"),
  LN2_POST_NORMALIZED("blocks.{}.ln2_post.hook_normalized", "ln2_post.normalized"),
  MLP_OUT("blocks.{}.hook_mlp_out", "mlp_out"),
  RESID_POST("blocks.{}.hook_resid_post", "resid_post"),
  FINAL_SCALE("ln_final.hook_scale", "ln_final.scale"),
  FINAL_NORMALIZED("ln_final.hook_normalized", "ln_final.normalized");

  private final String template;
  private final String shortName;

  Site(String template, String shortName) {
    this.template = template;
    this.shortName = shortName;
  }

  /** TransformerLens's name, with {@code {}} for the number of the block. */
  public String template() {
    return template;
  }

  /** The name after the layer in the short form, for example {@code z} or {@code ln1.scale}. */
  public String shortName() {
    return shortName;
  }

  /** Whether each block has its own. */
  public boolean inBlock() {
    return template.startsWith("blocks.");
  }

  /**
   * Whether the site costs something to have: it is computed only when it is captured or edited.
   * {@code capture all} leaves these out, as TransformerLens does.
   */
  public boolean onDemand() {
    return switch (this) {
      case ATTN_IN, Q_INPUT, K_INPUT, V_INPUT, RESULT, MLP_IN -> true;
      default -> false;
    };
  }

  /** Whether the values carry a head axis, at index 2 ({@code [batch, pos, head, ..]}). */
  public boolean perHead() {
    return switch (this) {
      case ATTN_IN, Q_INPUT, K_INPUT, V_INPUT, Q, K, V, ROT_Q, ROT_K, Z, RESULT -> true;
      default -> false;
    };
  }

  /**
   * Width of the vector of one position, heads joined head-major; 0 for sites that hold no vector
   * there, such as patterns and scales.
   */
  public int vectorWidth(ModelConfig config) {
    return switch (this) {
      case Q, ROT_Q, Z -> config.heads() * config.dHead();
      case K, V, ROT_K -> config.keyValueHeads() * config.dHead();
      case PRE, PRE_LINEAR, POST -> config.dMlp();
      case LN1_SCALE,
          LN1_POST_SCALE,
          LN2_SCALE,
          LN2_POST_SCALE,
          FINAL_SCALE,
          ATTN_SCORES,
          PATTERN ->
          0;
      case ATTN_IN, Q_INPUT, RESULT -> config.heads() * config.dModel();
      case K_INPUT, V_INPUT -> config.keyValueHeads() * config.dModel();
      default -> config.dModel();
    };
  }

  /**
   * Names and sizes of the axes in a model, for example {@code [batch, pos, head=8, d_head=16]}.
   */
  public String shape(ModelConfig config) {
    String heads = "head=" + config.heads();
    String keyHeads = "head=" + config.keyValueHeads();
    String model = "d_model=" + config.dModel();
    return switch (this) {
      case ATTN_IN, Q_INPUT, RESULT -> "[batch, pos, " + heads + ", " + model + "]";
      case K_INPUT, V_INPUT -> "[batch, pos, " + keyHeads + ", " + model + "]";
      case Q, ROT_Q, Z -> "[batch, pos, " + heads + ", d_head=" + config.dHead() + "]";
      case K, V, ROT_K -> "[batch, pos, " + keyHeads + ", d_head=" + config.dHead() + "]";
      case ATTN_SCORES, PATTERN -> "[batch, " + heads + ", query, key]";
      case LN1_SCALE, LN1_POST_SCALE, LN2_SCALE, LN2_POST_SCALE, FINAL_SCALE -> "[batch, pos, 1]";
      case PRE, PRE_LINEAR, POST -> "[batch, pos, d_mlp=" + config.dMlp() + "]";
      default -> "[batch, pos, " + model + "]";
    };
  }
}
