package org.zlens.engine.intervene;

import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/** What one unit of a feature adds to a site: its decoder direction in the terms of that site. */
public final class FeatureDirection {
  private FeatureDirection() {}

  /**
   * The direction {@code [width]} of a feature at a site: as it is where the SAE reads the same
   * kind of site, through the output weights of its layer where the SAE reads z and the site is the
   * residual stream or what is added to it.
   *
   * @throws ZlensException of kind TYPE if the feature has no direction there
   */
  public static Tensor at(Transformer model, Sae sae, int feature, Location site) {
    sae.requireFeature(feature);
    Tensor own = sae.directions(feature).reshape(-1);
    Site from = sae.location().site();
    if (from == site.site() || isStream(from) && isStream(site.site())) {
      return own;
    }
    if (from == Site.Z && isStream(site.site())) {
      if (model.config().architecture().postNorms()) {
        throw new ZlensException(
            Kind.TYPE,
            sae.address(feature)
                + " has no fixed direction at "
                + site.shortName()
                + ": this model normalises what attention writes",
            "act at z, where the feature is what it is");
      }
      Tensor out = model.weights().blocks().get(sae.location().layer()).wO();
      return own.unsqueeze(0).matmul(out).reshape(-1);
    }
    throw new ZlensException(
        Kind.TYPE,
        sae.address(feature) + " has no direction at " + site.shortName(),
        "features of z and of the residual stream have one in the residual stream, and at z those"
            + " of z");
  }

  private static boolean isStream(Site site) {
    return switch (site) {
      case EMBED,
          POS_EMBED,
          RESID_PRE,
          ATTN_IN,
          Q_INPUT,
          K_INPUT,
          V_INPUT,
          RESULT,
          ATTN_OUT,
          RESID_MID,
          MLP_IN,
          MLP_OUT,
          RESID_POST ->
          true;
      default -> false;
    };
  }
}
