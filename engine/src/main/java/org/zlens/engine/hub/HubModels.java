package org.zlens.engine.hub;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.io.DataFault;
import org.zlens.engine.runtime.Progress;

/** Models by the names that researchers call them, or by their addresses on the hub. */
public final class HubModels {
  private final Hub hub;

  /** The models of a hub. */
  public HubModels(Hub hub) {
    this.hub = hub;
  }

  /** Whether a name means a model on the hub. */
  public static boolean knows(String name) {
    return HubAddress.isAddress(name) || HubRegistry.model(name).isPresent();
  }

  /**
   * The model, if all of it is in the cache; the network stays untouched.
   *
   * @param name an address, a name or the name of a repository
   * @param revision a branch, tag or commit; null for that of the address, or the main one
   */
  public Optional<HubModel> cached(String name, String revision) {
    for (HubAddress address : addresses(name, revision)) {
      Optional<Snapshot> files = hub.cached(address, new ModelFiles());
      if (files.isPresent()) {
        Optional<HubAddress> elsewhere = tokenizer(files.get());
        return elsewhere.isEmpty()
            ? files.map(found -> new HubModel(found, null))
            : hub.cached(elsewhere.get(), new TokenizerFiles())
                .map(tokenizer -> new HubModel(files.get(), tokenizer));
      }
    }
    return Optional.empty();
  }

  /**
   * The model as the hub has it now, downloaded where the cache does not have it.
   *
   * @param progress hears of megabytes and may end the download
   */
  public HubModel update(String name, String revision, Progress progress) {
    HubAddress address = addresses(name, revision).get(0);
    Snapshot files = hub.update(address, new ModelFiles(), progress);
    Optional<HubAddress> elsewhere = tokenizer(files);
    return new HubModel(
        files, elsewhere.map(at -> hub.fetch(at, new TokenizerFiles(), progress)).orElse(null));
  }

  /** Where the tokenizer of a model is that does not lie beside it, if the registry knows. */
  private static Optional<HubAddress> tokenizer(Snapshot files) {
    if (files.files().contains("tokenizer.json")) {
      return Optional.empty();
    }
    return HubRegistry.models().stream()
        .filter(model -> model.repositories().contains(files.repository()))
        .map(KnownModel::tokenizer)
        .filter(Objects::nonNull)
        .map(repository -> new HubAddress(repository, HubAddress.MAIN, ""))
        .findFirst();
  }

  /** Where it may be, the place to download it from first. */
  private static List<HubAddress> addresses(String name, String revision) {
    if (HubAddress.isAddress(name)) {
      HubAddress address = HubAddress.parse(name);
      if (!address.path().isEmpty()) {
        throw new ZlensException(
            Kind.DATA,
            DataFault.quote(name) + " names a file, but a model is a whole repository",
            "hf:owner/name, or hf:owner/name@revision");
      }
      return List.of(revised(address, revision));
    }
    KnownModel model = HubRegistry.model(name).orElseThrow();
    String wanted = revision == null ? HubAddress.MAIN : revision;
    return model.repositories().stream()
        .map(repository -> new HubAddress(repository, wanted, ""))
        .toList();
  }

  /**
   * The address at a revision that was given beside it: the commit of its branch, if it has one.
   */
  static HubAddress revised(HubAddress address, String revision) {
    if (revision == null) {
      return address;
    }
    boolean narrower = HubAddress.isCommit(revision) && !HubAddress.isCommit(address.revision());
    if (!narrower && !address.revision().equals(HubAddress.MAIN)) {
      throw new ZlensException(
          Kind.USAGE,
          "expected one revision, found "
              + DataFault.quote(address.revision())
              + " and "
              + DataFault.quote(revision),
          null);
    }
    return address.at(revision);
  }
}
