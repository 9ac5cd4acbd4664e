package org.zlens.engine.model;

import java.util.ArrayList;
import java.util.List;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;

/**
 * Sizes and kinds that make one forward pass fit every architecture.
 *
 * @param layers number of blocks
 * @param dModel width of the residual stream
 * @param heads query heads of a block
 * @param keyValueHeads key and value heads of a block, a divisor of {@code heads}
 * @param dHead width of a head
 * @param dMlp width of the MLP; 0 where there is none
 * @param context most positions of a prompt
 * @param dVocab number of tokens
 * @param normEps added to the variance, or the mean square, before its root
 * @param activation of the MLP, or of its gates
 * @param architecture what else differs from GPT-2
 */
public record ModelConfig(
    int layers,
    int dModel,
    int heads,
    int keyValueHeads,
    int dHead,
    int dMlp,
    int context,
    int dVocab,
    NormKind norm,
    double normEps,
    ActivationKind activation,
    Architecture architecture) {

  /** Refuses sizes that no model has. */
  public ModelConfig {
    int[] sizes = {layers, dModel, heads, keyValueHeads, dHead, context, dVocab};
    for (int size : sizes) {
      if (size <= 0) {
        throw new IllegalArgumentException("sizes of a model must be positive");
      }
    }
    if (architecture.mlp() == MlpKind.NONE ? dMlp != 0 : dMlp <= 0) {
      throw new IllegalArgumentException("an MLP " + architecture.mlp() + " of width " + dMlp);
    }
    if (heads % keyValueHeads != 0) {
      throw new IllegalArgumentException(
          heads + " heads cannot share " + keyValueHeads + " key and value heads");
    }
    if (architecture.positions() instanceof PositionScheme.Rotary rotary
        && rotary.width() > dHead) {
      throw new IllegalArgumentException(
          rotary.width() + " components of a head of " + dHead + " cannot turn");
    }
    int reaches = architecture.attention().reaches().size();
    if (reaches > 0 && reaches != layers) {
      throw new IllegalArgumentException(
          reaches + " reaches of attention in " + layers + " blocks");
    }
  }

  /** The configuration of a model in the manner of GPT-2. */
  public ModelConfig(
      int layers,
      int dModel,
      int heads,
      int keyValueHeads,
      int dHead,
      int dMlp,
      int context,
      int dVocab,
      NormKind norm,
      double normEps,
      ActivationKind activation) {
    this(
        layers,
        dModel,
        heads,
        keyValueHeads,
        dHead,
        dMlp,
        context,
        dVocab,
        norm,
        normEps,
        activation,
        Architecture.gpt2(dHead));
  }

  /** This configuration with another norm. */
  public ModelConfig withNorm(NormKind kind) {
    return with(kind, architecture);
  }

  /** This configuration with another architecture. */
  public ModelConfig with(Architecture other) {
    return with(norm, other);
  }

  private ModelConfig with(NormKind kind, Architecture other) {
    return new ModelConfig(
        layers,
        dModel,
        heads,
        keyValueHeads,
        dHead,
        dMlp,
        context,
        dVocab,
        kind,
        normEps,
        activation,
        other);
  }

  /** Whether a model of this configuration has such a site. */
  public boolean has(Site site) {
    return switch (site) {
      case POS_EMBED -> !architecture.rotates();
      case ROT_Q, ROT_K -> architecture.rotates();
      case LN1_POST_SCALE, LN1_POST_NORMALIZED -> architecture.postNorms();
      case LN2_POST_SCALE, LN2_POST_NORMALIZED -> architecture.postNorms() && hasMlp();
      case RESID_MID -> hasMlp() && !architecture.parallel();
      case MLP_IN, LN2_SCALE, LN2_NORMALIZED, PRE, POST, MLP_OUT -> hasMlp();
      case PRE_LINEAR -> architecture.mlp() == MlpKind.GATED;
      default -> true;
    };
  }

  /** Whether attention is followed by an MLP. */
  public boolean hasMlp() {
    return architecture.mlp() != MlpKind.NONE;
  }

  /** Where queries are as scores take them. */
  public Site querySite() {
    return architecture.rotates() ? Site.ROT_Q : Site.Q;
  }

  /** Where keys are as scores take them. */
  public Site keySite() {
    return architecture.rotates() ? Site.ROT_K : Site.K;
  }

  /** The stream that the MLP of a block reads, which must have one. */
  public Site mlpStream() {
    return architecture.parallel() ? Site.RESID_PRE : Site.RESID_MID;
  }

  /** Every location of this model in the order of the forward pass. */
  public List<Location> locations() {
    List<Location> all = new ArrayList<>();
    all.add(Location.of(Site.EMBED));
    if (has(Site.POS_EMBED)) {
      all.add(Location.of(Site.POS_EMBED));
    }
    for (int layer = 0; layer < layers; layer++) {
      for (Site site : Site.values()) {
        if (site.inBlock() && has(site)) {
          all.add(Location.of(site, layer));
        }
      }
    }
    all.add(Location.of(Site.FINAL_SCALE));
    all.add(Location.of(Site.FINAL_NORMALIZED));
    return all;
  }
}
