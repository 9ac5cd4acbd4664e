package org.zlens.engine.attribute;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.zlens.engine.attribute.Explained.Split;
import org.zlens.engine.attribute.Explained.Way;
import org.zlens.engine.attribute.TreeOptions.Via;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/**
 * Follows numbers upstream. A number that is met again on the same level has the same parts, which
 * are worked out once.
 */
final class TreeBuilder {
  private final CleanRun run;
  private final int row;
  private final TreeOptions options;
  private final TreeChoice choice;
  private final Progress progress;
  private final Map<Key, Supply> known = new HashMap<>();
  private TreeTrail trail = TreeTrail.ROOT;
  private long done;

  private record Key(Part part, int layer, int index, int position, int level) {}

  /** A number with its parts. */
  private record Supply(double total, List<Split> splits) {}

  TreeBuilder(CleanRun run, int row, TreeOptions options, TreeChoice choice, Progress progress) {
    this.run = run;
    this.row = row;
    this.options = options;
    this.choice = choice;
    this.progress = progress;
  }

  // ---- numbers of their own

  Explained attentionFeature(Contribution at, int level) {
    Sae sae = run.saes().attention(at.layer());
    boolean edited = run.isEdited(sae, at.index(), row, at.position());
    return own(at, level, edited, key -> attentionFeature(key));
  }

  private Supply attentionFeature(Key key) {
    Sae sae = run.saes().attention(key.layer());
    AttentionReader reader = AttentionReader.of(run, sae, key.index(), row, key.position());
    try (Scope scope = Scope.open()) {
      Tensor z = run.read(sae, row, key.position());
      double pre = sae.preActivations(z, key.index()).item();
      Rows constant = new Rows(run, row, pre);
      constant.add(Part.CONSTANT, key.layer(), sae.constant(key.index()));
      Attribution bySource = reader.bySource(z.floats(), pre, pre, constant.list());
      return new Supply(pre, List.of(sources(reader, bySource, key.level(), pre)));
    }
  }

  Explained residualFeature(Contribution at, int level) {
    Sae sae = run.saes().residual(at.layer());
    boolean edited = run.isEdited(sae, at.index(), row, at.position());
    return own(
        at,
        level,
        edited,
        key ->
            supply(
                ResidualFeatureAttribution.readout(
                    run, key.layer(), key.index(), row, key.position()),
                level));
  }

  private Explained transcoderFeature(Contribution at, int level) {
    return own(
        at,
        level,
        run.isMlpEdited(at.layer()),
        key -> {
          try (Scope scope = Scope.open()) {
            return supply(
                new TranscoderReading(run, key.layer(), row, key.position()).feature(key.index()),
                level);
          }
        });
  }

  /** The parts of a residual or transcoder feature are those that wrote to the stream. */
  private Supply supply(Readout readout, int level) {
    return new Supply(readout.total(), splits(readout, level));
  }

  private Explained own(Contribution at, int level, boolean edited, Function<Key, Supply> make) {
    // What an edit has set has nothing upstream.
    if (level > options.depth() || edited) {
      return Explained.of(at, level, at.activation(), List.of());
    }
    Key key = new Key(at.part(), at.layer(), at.index(), at.position(), level);
    Supply supply = known.get(key);
    if (supply == null) {
      done++;
      progress.step(done, done);
      TreeTrail before = trail;
      trail = TreeTrail.number(at, level);
      supply = make.apply(key);
      trail = before;
      known.put(key, supply);
    }
    return Explained.of(at, level, supply.total(), supply.splits());
  }

  // ---- what passes on

  /** A number as a sum over source positions, the largest of them followed. */
  Split sources(AttentionReader reader, Attribution bySource, int level, double reference) {
    List<Contribution> largest = choice.of(trail, Way.SOURCES, bySource, reference);
    List<Readout> readouts =
        reader.sources(largest.stream().map(Contribution::position).toList(), reference);
    List<Explained> followed = new ArrayList<>();
    for (int i = 0; i < largest.size(); i++) {
      Contribution source = largest.get(i);
      Readout readout = readouts.get(i);
      List<Split> splits = below(source, () -> atSource(readout, level));
      Explained one = Explained.of(source, level, source.contribution(), splits);
      followed.add(options.reasons() ? one.because(reasons(reader, source.position())) : one);
    }
    return new Split(Way.SOURCES, bySource, followed);
  }

  private List<QkReason> reasons(AttentionReader reader, int source) {
    boolean residual =
        options.via() != Via.ATTENTION && run.saes().findResidual(reader.layer()).isPresent();
    return QkReason.of(
        run,
        reader.layer(),
        row,
        reader.destination(),
        source,
        reader.joint(),
        residual
            ? StreamSplit.RESIDUAL_FEATURES
            : options.heads() ? StreamSplit.HEADS : StreamSplit.FEATURES,
        options.width());
  }

  private List<Split> atSource(Readout readout, int level) {
    List<Split> splits = new ArrayList<>();
    if (options.via() != Via.RESIDUAL) {
      splits.add(outputs(readout, level));
    }
    if (options.via() != Via.ATTENTION) {
      // Asked for here, so that a layer without such an SAE is an error and not an empty list.
      run.saes().residual(readout.point().layer());
      splits.add(split(Way.RESIDUAL, readout, readout.residualFeatures().orElseThrow(), level));
    }
    return splits;
  }

  /** What a logit, an MLP or a feature of the stream reads there. */
  List<Split> splits(Readout readout, int level) {
    StreamPoint point = readout.point();
    boolean ofStream = !point.middle() && point.layer() < run.config().layers();
    List<Split> splits = new ArrayList<>();
    Optional<Attribution> residual =
        options.via() == Via.ATTENTION || ofStream
            ? Optional.empty()
            : readout.residualFeatures(point.middle() ? point.layer() : point.layer() - 1);
    if (options.via() != Via.RESIDUAL || residual.isEmpty()) {
      splits.add(outputs(readout, level));
    }
    residual.ifPresent(parts -> splits.add(split(Way.RESIDUAL, readout, parts, level)));
    return splits;
  }

  private Split outputs(Readout readout, int level) {
    return split(
        Way.OUTPUTS,
        readout,
        options.heads() ? readout.headsAndTranscoders() : readout.features(),
        level);
  }

  private Split split(Way way, Readout readout, Attribution parts, int level) {
    List<Explained> followed = new ArrayList<>();
    for (Contribution part : choice.of(trail, way, parts, readout.reference())) {
      Optional<Explained> one = part(readout, part, level);
      one.ifPresent(followed::add);
    }
    return new Split(way, parts, followed);
  }

  private Optional<Explained> part(Readout readout, Contribution part, int level) {
    return switch (part.part()) {
      case ATTENTION_FEATURE -> Optional.of(attentionFeature(part, level + 1));
      case RESIDUAL_FEATURE -> Optional.of(residualFeature(part, level));
      case TRANSCODER_FEATURE -> Optional.of(transcoderFeature(part, level + 1));
      default -> Optional.of(passing(readout, part, level + 1));
    };
  }

  private Explained passing(Readout readout, Contribution part, int level) {
    boolean edited =
        part.part() == Part.HEAD
            ? run.isEdited(Site.Z, part.layer()) || run.isEdited(Site.RESULT, part.layer())
            : run.isMlpEdited(part.layer());
    if (level > options.depth() || edited) {
      return Explained.of(part, level, part.contribution(), List.of());
    }
    done++;
    progress.step(done, done);
    List<Split> splits = below(part, () -> passedOn(readout, part, level));
    return Explained.of(part, level, part.contribution(), splits);
  }

  private List<Split> passedOn(Readout readout, Contribution part, int level) {
    return switch (part.part()) {
      case HEAD ->
          List.of(
              head(
                  readout.what(),
                  part.layer(),
                  part.index(),
                  part.position(),
                  readout.direction(),
                  part.contribution(),
                  readout.reference(),
                  level));
      case TRANSCODER_SKIP -> skip(readout, part, level);
      default -> mlp(readout, part, level);
    };
  }

  /** Splits what passes on to what is split now. */
  private List<Split> below(Contribution part, Supplier<List<Split>> make) {
    TreeTrail before = trail;
    trail = before.then(part);
    List<Split> splits = make.get();
    trail = before;
    return splits;
  }

  private List<Split> skip(Readout readout, Contribution part, int level) {
    try (Scope scope = Scope.open()) {
      return splits(
          new TranscoderReading(run, part.layer(), row, part.position())
              .skip(readout.what(), readout.direction(), part.contribution(), readout.reference()),
          level);
    }
  }

  private List<Split> mlp(Readout readout, Contribution part, int level) {
    MlpLinearization linear =
        new MlpLinearization(run, part.layer(), row, part.position(), readout.direction());
    List<Split> splits =
        splits(linear.readout(readout.what(), part.contribution(), readout.reference()), level);
    return splits.stream().map(split -> measured(linear, split, part.position())).toList();
  }

  private Split measured(MlpLinearization linear, Split split, int position) {
    double[] measured =
        linear.measured(
            split.followed().stream()
                .map(one -> run.parts().vector(one.row(), row, position))
                .toList());
    List<Explained> followed = new ArrayList<>();
    for (int i = 0; i < measured.length; i++) {
      followed.add(split.followed().get(i).measured(measured[i]));
    }
    return new Split(split.way(), split.parts(), followed);
  }

  /**
   * What a head writes along a direction of the stream, by source.
   *
   * @param direction {@code [d_model]}
   */
  Split head(
      String what,
      int layer,
      int head,
      int position,
      float[] direction,
      double total,
      double reference,
      int level) {
    int size = run.config().dHead();
    float[] reader = new float[run.config().heads() * size];
    float[] z;
    try (Scope scope = Scope.open()) {
      Tensor out = run.block(layer).wO().slice(0, (long) head * size, (head + 1L) * size);
      Tensor along = Tensor.of(direction, direction.length);
      float[] read = out.matmul(run.attentionAdds(layer, row, position, along)).floats();
      System.arraycopy(read, 0, reader, head * size, size);
      z = run.vector(Location.of(Site.Z, layer), row, position).floats();
    }
    String name = what + " through L" + layer + ".H" + head;
    AttentionReader sources = AttentionReader.of(run, name, layer, row, position, reader);
    return sources(sources, sources.bySource(z, total, reference, List.of()), level, reference);
  }
}
