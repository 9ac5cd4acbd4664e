package org.zlens.engine.hook;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A site of a certain block, or one that belongs to no block (then the layer is -1).
 *
 * <p>It prints as TransformerLens names it; {@link #shortName()} gives the short form, and {@link
 * #parse} reads both.
 */
public record Location(Site site, int layer) {
  private static final String IN_BLOCK = "blocks.";
  private static final Map<String, Location> TOP = new HashMap<>();
  private static final Map<String, Site> SHORT = new HashMap<>();
  private static final Map<String, Site> FULL = new HashMap<>();

  static {
    for (Site site : Site.values()) {
      if (site.inBlock()) {
        SHORT.put("." + site.shortName(), site);
        FULL.put(site.template().substring((IN_BLOCK + "{}").length()), site);
      } else {
        TOP.put(site.template(), of(site));
        TOP.put(site.shortName(), of(site));
      }
    }
  }

  static {
    // How the paper and its readers write it.
    SHORT.put(".MLP", Site.MLP_OUT);
  }

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
    String head = name.startsWith("L") ? "L" : IN_BLOCK;
    if (!name.startsWith(head)) {
      return Optional.ofNullable(TOP.get(name));
    }
    int end = head.length();
    while (end < name.length() && name.charAt(end) >= '0' && name.charAt(end) <= '9') {
      end++;
    }
    int digits = end - head.length();
    Site site = (head.equals("L") ? SHORT : FULL).get(name.substring(end));
    return site == null || digits == 0 || digits > 4
        ? Optional.empty()
        : Optional.of(of(site, Integer.parseInt(name, head.length(), end, 10)));
  }

  // What a record does by itself is linked at each start, which this key of many maps need not pay.

  @Override
  public boolean equals(Object other) {
    return other instanceof Location location && location.site == site && location.layer == layer;
  }

  @Override
  public int hashCode() {
    return 31 * layer + site.ordinal();
  }

  @Override
  public String toString() {
    return canonical();
  }
}
