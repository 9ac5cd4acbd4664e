package org.zlens.engine.hub;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.io.Names;
import org.zlens.engine.runtime.Progress;

/**
 * Gets files of repositories: from the cache if they are in it, else from the hub.
 *
 * <p>A branch is taken as it was when it was last fetched, so that the same statement means the
 * same model; {@link #update} asks where it leads now.
 */
public final class Hub {
  private static final String KEPT = "what has come is kept; the same statement goes on from there";

  private final HubSettings settings;
  private final HubCache cache;
  private HubConnection connection;

  /** A hub and its cache; nothing is opened before it is needed. */
  public Hub(HubSettings settings) {
    this.settings = settings;
    this.cache = new HubCache(settings.cache());
  }

  /** Where it is. */
  public HubSettings settings() {
    return settings;
  }

  /** What the cache has, by repository. */
  public List<CachedRevision> contents() {
    return cache.contents();
  }

  /**
   * The chosen files, if all of them are in the cache; the network stays untouched.
   *
   * @param address of which the repository and the revision count
   */
  public Optional<Snapshot> cached(HubAddress address, Selection selection) {
    return cached(address, selection, settings.offline());
  }

  /**
   * The chosen files, downloaded where the cache does not have them. Where there is no network,
   * what is in the cache does if it is enough, though the hub may have more to choose from.
   *
   * @param address of which the repository and the revision count
   * @param progress hears of megabytes and may end the download; what has come is kept then
   * @throws ZlensException of kind DATA if they cannot be had
   */
  public Snapshot fetch(HubAddress address, Selection selection, Progress progress) {
    Optional<Snapshot> cached = cached(address, selection, settings.offline());
    if (cached.isPresent()) {
      return cached.get();
    }
    try {
      return update(address, selection, progress);
    } catch (ZlensException e) {
      if (!HubFault.isNoConnection(e.getCause())) {
        throw e;
      }
      return cached(address, selection, true).orElseThrow(() -> e);
    }
  }

  private Optional<Snapshot> cached(HubAddress address, Selection selection, boolean alsoLess) {
    Repository repository = address.repository();
    Optional<String> commit = cache.commit(repository, address.revision());
    if (commit.isEmpty()) {
      return Optional.empty();
    }
    Set<String> names = cache.names(repository, commit.get());
    if (names.isEmpty()) {
      return Optional.empty();
    }
    Choice choice = selection.of(names);
    boolean complete =
        choice.missing().isEmpty()
            && (alsoLess
                || !choice.open()
                    && choice.wished().stream()
                        .allMatch(name -> cache.lacks(repository, commit.get(), name)));
    return complete ? Optional.of(snapshot(address, commit.get(), choice)) : Optional.empty();
  }

  /** As {@link #fetch}, but asks the hub first where the revision leads now. */
  public Snapshot update(HubAddress address, Selection selection, Progress progress) {
    if (settings.offline()) {
      throw new ZlensException(
          Kind.DATA,
          "'" + address.text() + "' is not in the cache, or not all that is needed of it",
          "it may not be fetched: --offline, HF_HUB_OFFLINE or TRANSFORMERS_OFFLINE is set");
    }
    try {
      Listing listing = listing(address, progress);
      Choice choice = selection.of(listing.files().keySet());
      if (!choice.missing().isEmpty()) {
        throw new ZlensException(
            Kind.DATA,
            "'" + address.text() + "' has no " + String.join(", and no ", choice.missing()),
            "it has " + Names.list(listing.files().keySet()));
      }
      download(address.repository(), listing, choice, progress);
      cache.refer(address.repository(), address.revision(), listing.commit());
      return snapshot(address, listing.commit(), choice);
    } catch (ZlensException e) {
      if (e.kind() == Kind.INTERRUPTED) {
        throw new ZlensException(Kind.INTERRUPTED, e.getMessage(), KEPT, e);
      }
      throw e;
    } catch (IOException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw new ZlensException(Kind.INTERRUPTED, "interrupted", KEPT, e);
      }
      throw new ZlensException(
          Kind.DATA, "'" + address.text() + "' could not be fetched: " + e.getMessage(), null, e);
    }
  }

  private Listing listing(HubAddress address, Progress progress) throws IOException {
    HubConnection to = connection();
    URI uri = to.listing(address.repository(), address.revision());
    try (Workers workers = new Workers()) {
      return Workers.await(
          workers.submit(
              () -> new Retry(settings.patience(), uri).of(() -> listing(to, uri, address))),
          () -> progress.step(0, 0));
    }
  }

  private static Listing listing(HubConnection to, URI uri, HubAddress address) throws IOException {
    try (Answer answer = to.get(uri, null)) {
      HubFault.check(answer, address);
      byte[] bytes = answer.body().read(Listing.MOST_BYTES + 1);
      if (bytes.length > Listing.MOST_BYTES) {
        throw HubFault.fault(
            "the server has no end of things to say of '" + address.repository() + "'", null);
      }
      return Listing.read(address.repository(), bytes);
    }
  }

  private void download(Repository repository, Listing listing, Choice choice, Progress progress)
      throws IOException {
    List<HubFile> files = new ArrayList<>();
    Set<String> chosen = new LinkedHashSet<>(choice.files());
    chosen.forEach(name -> files.add(listing.files().get(name)));
    new Download(connection(), cache, repository, listing.commit(), progress).run(files);
    files.forEach(file -> cache.link(repository, listing.commit(), file));
    choice.wished().forEach(name -> cache.noteAbsent(repository, listing.commit(), name));
  }

  private Snapshot snapshot(HubAddress address, String commit, Choice choice) {
    Repository repository = address.repository();
    return new Snapshot(
        repository, address.revision(), commit, cache.snapshot(repository, commit), choice.files());
  }

  private synchronized HubConnection connection() {
    if (connection == null) {
      connection = new HubConnection(settings);
    }
    return connection;
  }
}
