package org.zlens.engine.hub;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.runtime.Progress;

/**
 * Brings files of one repository into the cache: a few parts of a few megabytes at a time, each by
 * a connection of its own, put down in their order.
 *
 * <p>Because they are put down in order, what is on the disk is always the beginning of a file, its
 * hash is known when its last byte comes, and whatever ends the download costs at most the parts
 * that were under way.
 */
final class Download {
  private static final int AT_ONCE = 6;
  private static final long MEGABYTE = 1_000_000;

  private final HubConnection connection;
  private final HubCache cache;
  private final Repository repository;
  private final String commit;
  private final Progress progress;
  private final Workers workers = new Workers();
  private final Deque<HubFile> waiting = new ArrayDeque<>();
  private final Deque<Part> parts = new ArrayDeque<>();

  /** Room of parts that are put down: fresh memory for each would take as long as to hash it. */
  private final Deque<byte[]> spare = new ArrayDeque<>();

  private final List<Incoming> open = new ArrayList<>();
  private Incoming current;
  private long total;
  private long finished;

  private record Part(Incoming of, Segment segment, Future<Void> future) {}

  /**
   * @param progress hears of megabytes and may end the download
   */
  Download(
      HubConnection connection,
      HubCache cache,
      Repository repository,
      String commit,
      Progress progress) {
    this.connection = connection;
    this.cache = cache;
    this.repository = repository;
    this.commit = commit;
    this.progress = progress;
  }

  /** Downloads what the cache does not have; it has the content of all these files then. */
  void run(Collection<HubFile> files) throws IOException {
    Map<String, HubFile> contents = new LinkedHashMap<>();
    // All processes take locks in this order, so that none waits for another that waits for it.
    files.stream()
        .sorted(Comparator.comparing(file -> file.hash().hex()))
        .forEach(file -> contents.putIfAbsent(file.hash().hex(), file));
    waiting.addAll(contents.values());
    total = contents.values().stream().mapToLong(HubFile::size).sum();
    requireRoom();
    try (workers) {
      while (fill()) {
        take(parts.poll());
      }
    } finally {
      end();
    }
  }

  private void requireRoom() throws IOException {
    long needed = 0;
    for (HubFile file : waiting) {
      Path blob = cache.blob(repository, file.hash());
      Path unfinished = blob.resolveSibling(blob.getFileName() + BlobWriter.UNFINISHED);
      boolean there = Files.exists(blob);
      long begun = !there && Files.isRegularFile(unfinished) ? Files.size(unfinished) : 0;
      needed += there ? 0 : Math.max(0, file.size() - begun);
    }
    FileStore store = Files.getFileStore(cache.create());
    if (needed > store.getUsableSpace()) {
      throw new ZlensException(
          Kind.DATA,
          String.format(
              Locale.ROOT,
              "'%s' needs %d MB more in the cache, whose disk has %d MB left",
              repository,
              megabytes(needed),
              store.getUsableSpace() / MEGABYTE),
          "make room, or name a folder on another disk by HF_HUB_CACHE");
    }
  }

  private static long megabytes(long bytes) {
    return (bytes + MEGABYTE - 1) / MEGABYTE;
  }

  /** Has as many parts under way as may be; false if nothing is left to be done. */
  private boolean fill() throws IOException {
    while (parts.size() < AT_ONCE) {
      if (current == null || !current.hasMore()) {
        current = null;
        if (waiting.isEmpty() || !begin()) {
          break;
        }
        continue;
      }
      Segment segment = current.segment(spare.poll());
      parts.add(new Part(current, segment, workers.submit(segment)));
    }
    return !parts.isEmpty();
  }

  /** Begins the next file; false if another holds it and there is work to be done meanwhile. */
  private boolean begin() throws IOException {
    HubFile file = waiting.peek();
    Path blob = cache.blob(repository, file.hash());
    Optional<BlobLock> lock = BlobLock.tryTake(cache.lock(repository, file.hash()));
    if (lock.isEmpty() && !parts.isEmpty()) {
      return false;
    }
    while (lock.isEmpty()) {
      pause();
      lock = BlobLock.tryTake(cache.lock(repository, file.hash()));
    }
    waiting.poll();
    if (Files.isRegularFile(blob) && Files.size(blob) == file.size()) {
      lock.get().close();
      finished += file.size();
      return true;
    }
    Source source = new Source(connection, repository, commit, file);
    Incoming incoming;
    try {
      incoming =
          new Incoming(
              file,
              lock.get(),
              BlobWriter.open(blob, file),
              source,
              connection.settings().patience());
    } catch (RuntimeException e) {
      lock.get().close();
      throw e;
    }
    open.add(incoming);
    current = incoming;
    if (!incoming.hasMore()) {
      complete(incoming);
    }
    return true;
  }

  private void pause() throws IOException {
    Workers.await(
        workers.submit(
            () -> {
              Thread.sleep(50);
              return null;
            }),
        this::tell);
  }

  private void take(Part part) throws IOException {
    try {
      // Until it is put down it counts as under way.
      parts.addFirst(part);
      Workers.await(part.future(), this::tell);
    } catch (RangeRefusedException e) {
      whole(part.of());
      return;
    }
    parts.removeFirst();
    part.of().writer().append(part.segment().bytes(), part.segment().got());
    spare.add(part.segment().bytes());
    if (part.of().writer().missing() == 0) {
      complete(part.of());
    }
  }

  private void complete(Incoming incoming) throws IOException {
    if (incoming.writer().finish()) {
      close(incoming);
    } else if (incoming.isResumed()) {
      // What was there before may have been wrong.
      whole(incoming);
    } else {
      throw wrong(incoming.file());
    }
  }

  private void whole(Incoming incoming) throws IOException {
    Iterator<Part> each = parts.iterator();
    while (each.hasNext()) {
      Part part = each.next();
      if (part.of() == incoming) {
        part.future().cancel(true);
        each.remove();
      }
    }
    Workers.await(workers.submit(incoming.whole()), this::tell);
    if (!incoming.writer().finish()) {
      throw wrong(incoming.file());
    }
    close(incoming);
  }

  private void close(Incoming incoming) {
    finished += incoming.file().size();
    open.remove(incoming);
    incoming.close();
  }

  private ZlensException wrong(HubFile file) {
    return new ZlensException(
        Kind.DATA,
        "'" + file.path() + "' of '" + repository + "' came with another content than was promised",
        "expected was " + file.hash() + "; what came is thrown away, try again");
  }

  private void tell() {
    long done = finished;
    for (Incoming incoming : open) {
      done += incoming.writer().position();
    }
    for (Part part : parts) {
      done += part.segment().got();
    }
    progress.step(done / MEGABYTE, megabytes(total));
  }

  /** Keeps what has come of what is unfinished, in front of the first gap. */
  private void end() {
    for (Incoming incoming : open) {
      Segment first =
          parts.stream()
              .filter(p -> p.of() == incoming)
              .map(Part::segment)
              .findFirst()
              .orElse(null);
      try {
        if (first != null) {
          incoming.writer().append(first.bytes(), first.got());
        }
      } catch (ZlensException ignored) {
        // The failure that ended the download is thrown already; this only makes a retry longer.
      } finally {
        incoming.close();
      }
    }
  }
}
