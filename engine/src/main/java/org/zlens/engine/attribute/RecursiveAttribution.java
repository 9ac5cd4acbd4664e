package org.zlens.engine.attribute;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.sae.ActiveFeatures;
import org.zlens.engine.sae.Sae;

/**
 * Direct feature attribution followed upstream, from feature to source position to earlier feature
 * (paper-spec A.9): patterns, scales, activations and errors all come from one clean run.
 *
 * <p>Sources of a node are the positions with the largest contributions, ties going to the lower
 * position. Children of a source are the attention features of all earlier layers there with the
 * largest positive contributions, ties going to the lower layer, then to the lower feature. Each
 * split of each node is checked to add up.
 */
public final class RecursiveAttribution {
  /**
   * How far to follow.
   *
   * @param width sources of a node, and children of a source, at most
   * @param depth levels of nodes that are split; children below are leaves
   * @param threshold smallest share of its parent's activation that a child must have
   */
  public record Options(int width, int depth, double threshold) {
    /** Refuses a tree without nodes. */
    public Options {
      if (width < 1 || depth < 1 || !(threshold >= 0)) {
        throw new ZlensException(
            Kind.USAGE,
            "width and depth must be at least 1 and the threshold not negative, found "
                + width
                + ", "
                + depth
                + " and "
                + threshold,
            null);
      }
    }
  }

  /**
   * A feature at a destination, split by source.
   *
   * @param level 1 for the root
   * @param direct its attribution by head and source
   * @param sources the followed sources; empty for a leaf
   * @param leaf whether depth ended here
   */
  public record Node(
      int layer,
      int feature,
      int destination,
      int token,
      int level,
      DirectFeatureAttribution direct,
      List<Source> sources,
      boolean leaf) {}

  /**
   * A source position of a node.
   *
   * @param split what stands there
   * @param children the followed upstream features
   */
  public record Source(SourceAttribution split, List<Child> children) {}

  /**
   * An upstream feature.
   *
   * @param contribution its row in the source's split by feature
   * @param node the feature at the source as its destination
   */
  public record Child(Contribution contribution, Node node) {}

  private record Key(int layer, int feature, int destination) {}

  private final CleanRun run;
  private final int row;
  private final Options options;
  private final Progress progress;
  private final Map<Key, DirectFeatureAttribution> direct = new HashMap<>();
  private final Map<Key, Map<Integer, SourceAttribution>> split = new HashMap<>();
  private long done;

  private RecursiveAttribution(CleanRun run, int row, Options options, Progress progress) {
    this.run = run;
    this.row = row;
    this.options = options;
    this.progress = progress;
  }

  /**
   * The tree of an attention feature at a destination.
   *
   * @param row prompt
   * @param progress hears of each node; their number is not known before
   * @throws ZlensException of kind RUNTIME if the feature is not active there, naming those that
   *     are
   */
  public static Node of(
      CleanRun run,
      int layer,
      int feature,
      int row,
      int destination,
      Options options,
      Progress progress) {
    Sae sae = run.saes().attention(layer);
    sae.requireFeature(feature);
    run.require(row, destination);
    if (run.encoded(sae, row, destination).activation(feature) <= 0) {
      try (Scope scope = Scope.open()) {
        throw ActiveFeatures.inactive(
            sae, feature, run.vector(Location.of(Site.Z, layer), row, destination));
      }
    }
    return new RecursiveAttribution(run, row, options, progress)
        .node(new Key(layer, feature, destination), 1);
  }

  private Node node(Key key, int level) {
    done++;
    progress.step(done, done);
    DirectFeatureAttribution attribution =
        direct.computeIfAbsent(
            key,
            k -> DirectFeatureAttribution.of(run, k.layer(), k.feature(), row, k.destination()));
    boolean leaf = level > options.depth();
    List<Source> sources = new ArrayList<>();
    if (!leaf) {
      for (Contribution source : largest(attribution.bySource(), Part.SOURCE)) {
        sources.add(source(key, attribution, source.position(), level));
      }
    }
    return new Node(
        key.layer(),
        key.feature(),
        key.destination(),
        run.token(row, key.destination()),
        level,
        attribution,
        sources,
        leaf);
  }

  private Source source(Key key, DirectFeatureAttribution attribution, int position, int level) {
    SourceAttribution parts =
        split
            .computeIfAbsent(key, k -> new HashMap<>())
            .computeIfAbsent(
                position, p -> SourceAttribution.of(run, attribution, p, attribution.activation()));
    List<Child> children = new ArrayList<>();
    for (Contribution row : largest(parts.byFeature(), Part.ATTENTION_FEATURE)) {
      if (row.contribution() > 0 && row.share() >= options.threshold()) {
        Key child = new Key(row.layer(), row.index(), position);
        children.add(new Child(row, node(child, level + 1)));
      }
    }
    return new Source(parts, children);
  }

  /** The rows of a part with the largest contributions; among equals, those that come first. */
  private List<Contribution> largest(Attribution attribution, Part part) {
    return attribution.rows().stream()
        .filter(r -> r.part() == part)
        .sorted(Comparator.comparingDouble(Contribution::contribution).reversed())
        .limit(options.width())
        .toList();
  }
}
