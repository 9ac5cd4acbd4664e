package org.zlens.engine.hub;

import java.util.Optional;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.sae.LoadedSae;

/**
 * Where Neuronpedia shows the features of an SAE that was published.
 *
 * @param name of the model and the SAE there, such as {@code gpt2-small/5-att-kk}; empty if it has
 *     no pages of them
 */
public record PublicPages(String name) {
  /** No pages are known. */
  public static final PublicPages NONE = new PublicPages("");

  private static final String START = "https://www.neuronpedia.org/";

  /** The pages of an SAE that came from the hub, by the file that it came from. */
  public static PublicPages of(LoadedSae sae) {
    if (!HubAddress.isAddress(sae.name())) {
      return NONE;
    }
    HubAddress address = HubAddress.parse(sae.name());
    Location at = sae.sae().location();
    // The site after the last block has no number of its own there.
    Optional<KnownSaes> release =
        HubRegistry.saes().stream()
            .filter(known -> known.pages() != null && at.site() != Site.RESID_POST)
            .filter(known -> address.repository().equals(known.repository()))
            .filter(known -> known.at(at).filter(one -> isAt(one, address)).isPresent())
            .findFirst();
    return release
        .map(known -> new PublicPages(known.pages().replace("{layer}", "" + at.layer())))
        .orElse(NONE);
  }

  private static boolean isAt(KnownSae sae, HubAddress address) {
    return address.path().equals(sae.path());
  }

  /** The address of the page of a feature; empty without pages. */
  public String of(int feature) {
    return name.isEmpty() ? "" : START + name + "/" + feature;
  }
}
