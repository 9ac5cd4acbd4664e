package org.zlens.engine.hook;

import java.util.Optional;

/**
 * A site of a certain block, or one that belongs to no block (then the layer is -1).
 *
 * <p>It prints as TransformerLens names it; {@link #shortName()} gives the short form, and {@link
 * #parse} reads both.
 */
public record Location(Site site, int layer) {
  /** Checks that the site has a layer exactly if it lies in a block. */
  public Location {
    if (site.inBlock() != (layer >= 0)) {
      throw new IllegalArgumentException("layer " + layer + " does not fit site " + site);
    }
  }

  /** A site of a block. */
  public static Location of(Site site, int layer) {
    return new Location(site, layer);
  }

  /** A site outside the blocks. */
  public static Location of(Site site) {
    return new Location(site, -1);
  }

  /** TransformerLens's name, for example {@code blocks.5.attn.hook_z}. */
  public String canonical() {
    return site.template().replace("{}", Integer.toString(layer));
  }

  /** The short form, for example {@code L5.z}. */
  public String shortName() {
    return site.inBlock() ? "L" + layer + "." + site.shortName() : site.shortName();
  }

  /** Reads either name; empty if no site is called so. Layers have at most four digits. */
  public static Optional<Location> parse(String name) {
    for (Site site : Site.values()) {
      if (!site.inBlock()) {
        if (name.equals(site.template()) || name.equals(site.shortName())) {
          return Optional.of(of(site));
        }
        continue;
      }
      Optional<Location> found = layerOf(name, "L", "." + site.shortName(), site);
      if (found.isEmpty()) {
        String tail = site.template().substring("blocks.{}".length());
        found = layerOf(name, "blocks.", tail, site);
      }
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static Optional<Location> layerOf(String name, String head, String tail, Site site) {
    if (!name.startsWith(head)
        || !name.endsWith(tail)
        || name.length() <= head.length() + tail.length()) {
      return Optional.empty();
    }
    String digits = name.substring(head.length(), name.length() - tail.length());
    boolean number = digits.length() <= 4 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    return number ? Optional.of(of(site, Integer.parseInt(digits))) : Optional.empty();
  }

  @Override
  public String toString() {
    return canonical();
  }
}
