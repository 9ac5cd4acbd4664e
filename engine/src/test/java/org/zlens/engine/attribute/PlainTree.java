package org.zlens.engine.attribute;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.sae.ActiveFeatures;
import org.zlens.engine.sae.Sae;

/**
 * The tree of an attention feature as the paper has it, written plainly, for {@link
 * AttributionTree} to be held against: direct feature attribution followed upstream, from feature
 * to source position to earlier feature (paper-spec A.9): patterns, scales, activations and errors
 * all come from one clean run.
 *
 * <p>Sources of a node are the positions with the largest contributions, ties going to the lower
 * position. Children of a source are the attention features of all earlier layers there with the
 * largest positive contributions, ties going to the lower layer, then to the lower feature. A
 * source may also be followed through the features of the residual SAE there, each to the attention
 * features that wrote it. Each split of each node is checked to add up.
 */
final class PlainTree {
  /** What leads from a source to the attention features upstream of it. */
  public enum Via {
    /** The attention outputs that make up the stream there. */
    ATTENTION,
    /** The features of the residual SAE there, and the attention outputs that wrote them. */
    RESIDUAL,
    /** Either, side by side: each explains the same source. */
    BOTH
  }

  /**
   * How far to follow.
   *
   * @param width sources of a node, and children of a source, at most
   * @param depth levels of nodes that are split; children below are leaves
   * @param threshold smallest share of its parent's activation that a child must have
   * @param via what a source is followed through
   */
  public record Options(int width, int depth, double threshold, Via via) {
    /** Sources are followed through attention outputs. */
    public Options(int width, int depth, double threshold) {
      this(width, depth, threshold, Via.ATTENTION);
    }

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
   * @param residual the followed features of the residual SAE
   */
  public record Source(
      SourceAttribution split, List<Child> children, List<ResidualChild> residual) {}

  /**
   * A residual feature between an attention feature and those upstream.
   *
   * @param contribution its row in the source's split by residual feature
   * @param split its own pre-activation, split by what wrote it
   * @param children the followed upstream features, their shares being parts of that pre-activation
   */
  public record ResidualChild(
      Contribution contribution, ResidualFeatureAttribution split, List<Child> children) {}

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

  private PlainTree(CleanRun run, int row, Options options, Progress progress) {
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
        throw ActiveFeatures.inactive(sae, feature, run.read(sae, row, destination));
      }
    }
    if (run.isEdited(sae, feature, row, destination)) {
      throw new ZlensException(
          Kind.RUNTIME,
          sae.address(feature) + " is what an edit in force has made it, not what came upstream",
          "ask for it outside the 'with' block");
    }
    return new PlainTree(run, row, options, progress).node(new Key(layer, feature, destination), 1);
  }

  private Node node(Key key, int level) {
    done++;
    progress.step(done, done);
    DirectFeatureAttribution attribution =
        direct.computeIfAbsent(
            key,
            k -> DirectFeatureAttribution.of(run, k.layer(), k.feature(), row, k.destination()));
    // What an edit has set has nothing upstream.
    boolean leaf =
        level > options.depth()
            || run.isEdited(
                run.saes().attention(key.layer()), key.feature(), row, key.destination());
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
    List<Child> children =
        options.via() == Via.RESIDUAL ? List.of() : children(parts.byFeature(), position, level);
    return new Source(parts, children, residual(key, parts, position, level));
  }

  private List<ResidualChild> residual(Key key, SourceAttribution parts, int position, int level) {
    List<ResidualChild> found = new ArrayList<>();
    if (options.via() == Via.ATTENTION) {
      return found;
    }
    // Asked for here, so that a layer without such an SAE is an error and not an empty list.
    run.saes().residual(key.layer());
    Attribution split = parts.byResidualFeature().orElseThrow();
    for (Contribution feature : followed(split, Part.RESIDUAL_FEATURE)) {
      ResidualFeatureAttribution wrote =
          ResidualFeatureAttribution.of(run, key.layer(), feature.index(), row, position);
      found.add(new ResidualChild(feature, wrote, children(wrote.byFeature(), position, level)));
    }
    return found;
  }

  private List<Child> children(Attribution split, int position, int level) {
    List<Child> children = new ArrayList<>();
    for (Contribution feature : followed(split, Part.ATTENTION_FEATURE)) {
      Key child = new Key(feature.layer(), feature.index(), position);
      children.add(new Child(feature, node(child, level + 1)));
    }
    return children;
  }

  /** The largest rows of a part that are large enough to follow. */
  private List<Contribution> followed(Attribution split, Part part) {
    return largest(split, part).stream()
        .filter(r -> r.contribution() > 0 && r.share() >= options.threshold())
        .toList();
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
