package org.zlens.engine.hub;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Location;
import org.zlens.engine.io.DataFault;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.sae.LoadedSae;
import org.zlens.engine.sae.SaeLoader;

/** SAEs by the names of their releases, or by their addresses on the hub. */
public final class HubSaes {
  private final Hub hub;

  /** The SAEs of a hub. */
  public HubSaes(Hub hub) {
    this.hub = hub;
  }

  /** Whether a name means SAEs on the hub. */
  public static boolean knows(String name) {
    return HubAddress.isAddress(name) || HubRegistry.saes(name).isPresent();
  }

  /**
   * Numbers of features of what {@link #open} opens, as far as they are known without opening it;
   * empty if they are not.
   *
   * @param at the site of one of them, or null for all
   */
  public static Map<Location, Integer> sizes(String name, Location at) {
    if (HubAddress.isAddress(name)) {
      return Map.of();
    }
    Map<Location, Integer> sizes = new LinkedHashMap<>();
    chosen(release(name), at).forEach(sae -> sizes.put(sae.at(), sae.features()));
    return sizes;
  }

  /**
   * Opens SAEs, downloaded where the cache does not have them; the caller owns them. Each is named
   * by its address at the commit that it is of.
   *
   * @param name a release or an address
   * @param revision a branch, tag or commit; null for that of the address, or the main one
   * @param at of a release, the site of the one to open, or null for all; of an address, the site
   *     for files that do not name it, or null
   * @param update whether to ask the hub where the revision leads now
   * @param progress hears of megabytes and may end the download
   */
  public List<LoadedSae> open(
      String name, String revision, Location at, boolean update, Progress progress) {
    if (HubAddress.isAddress(name)) {
      HubAddress address = HubModels.revised(HubAddress.parse(name), revision);
      Snapshot files = fetch(address, new SaeFiles(List.of(address.path())), progress, update);
      List<String> paths = SaeFiles.at(address.path(), Set.copyOf(files.files()));
      String hook = at == null ? null : at.canonical();
      List<Opening> each = paths.stream().map(path -> new Opening(path, hook)).toList();
      return open(files, each);
    }
    KnownSaes release = release(name);
    List<KnownSae> chosen = chosen(release, at);
    HubAddress address =
        new HubAddress(release.repository(), revision == null ? HubAddress.MAIN : revision, "");
    SaeFiles wanted = new SaeFiles(chosen.stream().map(KnownSae::path).toList());
    Snapshot files = fetch(address, wanted, progress, update);
    return open(
        files,
        chosen.stream()
            .map(sae -> new Opening(sae.path(), release.namesSites() ? null : sae.at().canonical()))
            .toList());
  }

  private Snapshot fetch(HubAddress address, SaeFiles wanted, Progress progress, boolean update) {
    return update ? hub.update(address, wanted, progress) : hub.fetch(address, wanted, progress);
  }

  private record Opening(String path, String hook) {}

  private static List<LoadedSae> open(Snapshot files, List<Opening> each) {
    List<LoadedSae> all = new ArrayList<>();
    try {
      for (Opening one : each) {
        LoadedSae sae = SaeLoader.load(files.path(one.path()), one.hook());
        all.add(new LoadedSae(sae.sae(), files.address(one.path()).text(), sae.config()));
      }
      return all;
    } catch (RuntimeException e) {
      all.forEach(one -> one.sae().close());
      throw e;
    }
  }

  private static KnownSaes release(String name) {
    KnownSaes release = HubRegistry.saes(name).orElseThrow();
    if (release.repository() == null) {
      throw new ZlensException(
          Kind.DATA, DataFault.quote(name) + " cannot be fetched", release.elsewhere());
    }
    return release;
  }

  private static List<KnownSae> chosen(KnownSaes release, Location at) {
    if (at == null) {
      return release.saes();
    }
    return List.of(
        release
            .at(at)
            .orElseThrow(
                () ->
                    new ZlensException(
                        Kind.NAME,
                        "'" + release.name() + "' has no SAE of " + at.shortName(),
                        "it has one of each of " + sites(release))));
  }

  private static String sites(KnownSaes release) {
    Set<String> sites = new TreeSet<>();
    Map<String, List<String>> layers =
        release.saes().stream()
            .collect(
                Collectors.groupingBy(
                    sae -> sae.at().site().shortName(),
                    LinkedHashMap::new,
                    Collectors.mapping(sae -> "L" + sae.at().layer(), Collectors.toList())));
    layers.forEach((site, some) -> sites.add(site + " of " + String.join(", ", some)));
    return String.join("; ", sites);
  }
}
