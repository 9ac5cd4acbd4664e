package org.zlens.engine.dashboard;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.measure.TextBatches;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.sae.Sae;

/**
 * The statistics of several SAEs within a limit of memory: as many SAEs as fit share a pass over
 * the text, and those whose statistics were kept before need none.
 */
public final class TextStatistics {
  private final Function<List<Sae>, DashboardPass> passes;
  private final Optional<StatisticsFolder> folder;
  private final boolean proxied;
  private final long limit;

  /**
   * Statistics to be made.
   *
   * @param passes makes the pass of some SAEs
   * @param folder where statistics are kept; without one nothing is kept
   * @param proxied whether passes have a proxy
   * @param limit bytes that the statistics may take together
   */
  public TextStatistics(
      Function<List<Sae>, DashboardPass> passes,
      Optional<StatisticsFolder> folder,
      boolean proxied,
      long limit) {
    this.passes = passes;
    this.folder = folder;
    this.proxied = proxied;
    this.limit = limit;
  }

  /**
   * Hands on the statistics of each SAE.
   *
   * @param each may keep them no longer than it runs
   * @throws ZlensException of kind RUNTIME if those of one SAE alone take more than the limit
   */
  public void forEach(
      List<Sae> saes,
      TextBatches text,
      Progress progress,
      BiConsumer<Sae, FeatureStatistics> each) {
    List<Sae> waiting = new ArrayList<>();
    for (Sae sae : saes) {
      Optional<FeatureStatistics> found =
          folder.flatMap(kept -> kept.find(passes.apply(List.of(sae)), sae));
      if (found.isPresent()) {
        each.accept(sae, found.get());
      } else {
        waiting.add(sae);
      }
    }
    for (List<Sae> group : groups(waiting)) {
      PassRecord record = folder.isPresent() ? folder.get() : PassRecord.NONE;
      List<FeatureStatistics> all = passes.apply(group).run(text, record, progress);
      for (int i = 0; i < group.size(); i++) {
        each.accept(group.get(i), all.get(i));
      }
    }
  }

  /** SAEs that share a pass. */
  List<List<Sae>> groups(List<Sae> saes) {
    List<List<Sae>> groups = new ArrayList<>();
    long taken = 0;
    for (Sae sae : saes) {
      long bytes = DashboardPass.bytes(sae, proxied);
      if (bytes > limit) {
        throw new ZlensException(
            Kind.RUNTIME,
            "the statistics of "
                + sae
                + " take "
                + megabytes(bytes)
                + ", the setting 'memory'"
                + " allows "
                + megabytes(limit),
            "set memory " + megabytes(bytes));
      }
      if (groups.isEmpty() || taken + bytes > limit) {
        groups.add(new ArrayList<>());
        taken = 0;
      }
      groups.get(groups.size() - 1).add(sae);
      taken += bytes;
    }
    return groups;
  }

  private static String megabytes(long bytes) {
    return (bytes + 999_999) / 1_000_000 + "MB";
  }
}
