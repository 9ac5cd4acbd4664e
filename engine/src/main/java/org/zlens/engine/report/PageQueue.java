package org.zlens.engine.report;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import java.util.function.LongFunction;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.dashboard.FeatureCard;

/**
 * Pages that are written on a thread beside the one that makes their cards. Few wait at a time, so
 * that memory stays bounded. The first failure is told at the next page, or when the queue closes.
 */
public final class PageQueue implements AutoCloseable {
  private static final int WAITING = 64;

  private final DashboardPage pages;
  private final Semaphore room = new Semaphore(WAITING);
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread own = new Thread(task, "pages");
            own.setDaemon(true);
            return own;
          });

  /** Writes pages as {@link DashboardPage} does; the functions are called by its thread alone. */
  public PageQueue(DashboardLinks links, IntFunction<String> pieces, LongFunction<int[]> rows) {
    this.pages = new DashboardPage(links, pieces, rows);
  }

  /**
   * Has a page written, once those before it are.
   *
   * @throws ZlensException of kind DATA if one before could not be written, of kind INTERRUPTED if
   *     this thread was interrupted while it waited
   */
  public void write(
      Path path,
      String title,
      List<String> notes,
      List<FeatureCard> cards,
      List<String> provenance) {
    tellFailure();
    try {
      room.acquire();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    thread.execute(
        () -> {
          try {
            if (failure.get() == null) {
              pages.write(path, title, notes, cards, provenance);
            }
          } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
          } finally {
            room.release();
          }
        });
  }

  private static ZlensException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new ZlensException(Kind.INTERRUPTED, "interrupted", null, cause);
  }

  private void tellFailure() {
    Throwable first = failure.get();
    if (first instanceof ZlensException known) {
      throw new ZlensException(known.kind(), known.getMessage(), known.hint(), known);
    }
    if (first != null) {
      throw new IllegalStateException("a page could not be written", first);
    }
  }

  /** Waits until all pages are written. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      thread.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      thread.shutdownNow();
      throw interrupted(e);
    }
    tellFailure();
  }
}
