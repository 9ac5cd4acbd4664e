package org.zlens.engine.dashboard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.zlens.engine.io.AtomicFile;
import org.zlens.engine.io.DataFault;
import org.zlens.engine.sae.Sae;

/**
 * A folder of statistics: a file for each SAE whose text was read to its end, and one of a pass
 * that is under way. A pass that was killed goes on from there and ends with the same bits;
 * statistics of the same model, SAE and text are not made twice.
 */
public final class StatisticsFolder implements PassRecord {
  private static final String ENDING = ".statistics.safetensors";
  private static final String UNDER_WAY = "pass" + ENDING;

  private final Path folder;
  private final Map<String, String> identity;
  private final Function<Sae, String> digest;
  private final Duration between;
  private long lastSaved = System.nanoTime();
  private long batches;
  private List<Sae> saes = List.of();

  /**
   * Statistics in a folder, which is made when something is written.
   *
   * @param identity what all of them hang on beside the SAEs: the model, the text, the seed
   * @param digest what tells an SAE from another
   * @param between how long a pass runs before it is kept again
   */
  public StatisticsFolder(
      Path folder, Map<String, String> identity, Function<Sae, String> digest, Duration between) {
    this.folder = folder;
    this.identity = Map.copyOf(identity);
    this.digest = digest;
    this.between = between;
    AtomicFile.discardLeftovers(folder);
  }

  private Map<String, String> identity(List<Sae> some) {
    Map<String, String> all = new TreeMap<>(identity);
    some.forEach(sae -> all.put(name(sae), digest.apply(sae)));
    return all;
  }

  private static String name(Sae sae) {
    return sae.location().shortName();
  }

  private StatisticsFile file(Sae sae) {
    return new StatisticsFile(folder.resolve(name(sae) + ENDING));
  }

  /** The statistics of an SAE over the whole text, if they were made before. */
  public Optional<FeatureStatistics> find(DashboardPass pass, Sae sae) {
    if (!file(sae).isOf(identity(List.of(sae)))) {
      return Optional.empty();
    }
    FeatureStatistics found = pass.blank(sae);
    file(sae).read(Map.of(name(sae), found));
    return Optional.of(found);
  }

  @Override
  public List<FeatureStatistics> begin(DashboardPass pass) {
    saes = pass.saes();
    batches = 0;
    List<FeatureStatistics> all = saes.stream().map(pass::blank).toList();
    StatisticsFile underWay = underWay();
    if (underWay.isOf(identity(saes))) {
      batches = underWay.read(named(all));
    }
    lastSaved = System.nanoTime();
    return all;
  }

  private StatisticsFile underWay() {
    return new StatisticsFile(folder.resolve(UNDER_WAY));
  }

  private Map<String, FeatureStatistics> named(List<FeatureStatistics> all) {
    Map<String, FeatureStatistics> named = new LinkedHashMap<>();
    for (int i = 0; i < all.size(); i++) {
      named.put(name(saes.get(i)), all.get(i));
    }
    return named;
  }

  @Override
  public long batches() {
    return batches;
  }

  @Override
  public void save(List<FeatureStatistics> all, long done) {
    if (System.nanoTime() - lastSaved >= between.toNanos()) {
      interrupt(all, done);
    }
  }

  @Override
  public void interrupt(List<FeatureStatistics> all, long done) {
    underWay().write(named(all), identity(saes), done);
    lastSaved = System.nanoTime();
  }

  @Override
  public void finish(List<FeatureStatistics> all, long done) {
    for (int i = 0; i < saes.size(); i++) {
      Sae sae = saes.get(i);
      file(sae).write(Map.of(name(sae), all.get(i)), identity(List.of(sae)), done);
    }
    try {
      Files.deleteIfExists(folder.resolve(UNDER_WAY));
    } catch (IOException e) {
      throw DataFault.of(folder.resolve(UNDER_WAY), e);
    }
  }
}
