package org.zlens.engine.attribute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.zlens.engine.attribute.Written.Piece;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.intervene.Cells;
import org.zlens.engine.intervene.SaeReading;
import org.zlens.engine.model.BlockWeights;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;
import org.zlens.engine.sae.Transcoder;

/**
 * The vectors that parts of the residual stream of a run are, worked out once: whoever reads them
 * has one product to make of all, whatever reads.
 */
final class StreamParts {
  /** Numbers kept at most; what was used longest ago is worked out again. */
  private static final long KEPT = 64L << 20;

  private final CleanRun run;
  private final Map<Place, Written> kept = new LinkedHashMap<>(64, 0.75f, true);
  private long size;

  private enum Kind {
    OUTPUT,
    HEADS,
    FEATURES,
    TRANSCODED
  }

  private record Place(Kind kind, Location location, int row, int position) {}

  StreamParts(CleanRun run) {
    this.run = run;
  }

  /** The output of a component, as it is. */
  Written component(Part part, int layer, Location location, int row, int position) {
    return kept(
        new Place(Kind.OUTPUT, location, row, position),
        () -> Written.of(Piece.of(part, layer), run.vector(location, row, position).floats()));
  }

  /** An attention output by its heads and bias. */
  Written heads(int layer, int row, int position) {
    Location z = Location.of(Site.Z, layer);
    return kept(
        new Place(Kind.HEADS, z, row, position),
        () -> {
          int heads = run.config().heads();
          BlockWeights block = run.block(layer);
          Tensor mixed = run.vector(z, row, position).reshape(heads, 1, -1);
          Tensor each = mixed.matmul(block.wO().reshape(heads, run.config().dHead(), -1));
          List<Piece> pieces = new ArrayList<>();
          for (int head = 0; head < heads; head++) {
            pieces.add(new Piece(Part.HEAD, layer, head, Double.NaN));
          }
          pieces.add(Piece.of(Part.OUTPUT_BIAS, layer));
          Tensor bias = block.bO().unsqueeze(0);
          Tensor all = Tensor.cat(List.of(each.reshape(heads, -1), bias), 0);
          return new Written(pieces, run.attentionAdds(layer, row, position, all).floats());
        });
  }

  /** An attention output by the features, bias and error of its SAE; whole where there is none. */
  Written attention(int layer, int row, int position) {
    Optional<Sae> sae = run.saes().findAttention(layer);
    if (sae.isEmpty()) {
      return component(Part.ATTN_OUT, layer, Location.of(Site.ATTN_OUT, layer), row, position);
    }
    Written found = kept.get(new Place(Kind.FEATURES, sae.get().location(), row, position));
    return found == null ? attention(sae.get(), row, position) : found;
  }

  /** Parts at a position and those around it, which go through the output weights together. */
  private Written attention(Sae sae, int row, int position) {
    int first = position - position % CleanRun.AT_ONCE;
    int count = Math.min(CleanRun.AT_ONCE, run.positions() - first);
    long[] rows = new long[count];
    Arrays.fill(rows, row);
    attention(sae, new Cells(rows, LongStream.range(first, first + count).toArray()));
    return kept.get(new Place(Kind.FEATURES, sae.location(), row, position));
  }

  private void attention(Sae sae, Cells places) {
    int layer = sae.location().layer();
    try (Scope scope = Scope.open()) {
      BlockWeights block = run.block(layer);
      List<List<Piece>> pieces = new ArrayList<>();
      List<Tensor> parts = new ArrayList<>();
      for (int i = 0; i < places.size(); i++) {
        List<Piece> here = new ArrayList<>();
        int row = (int) places.row()[i];
        parts.add(decoded(sae, Part.ATTENTION_FEATURE, here, row, (int) places.position()[i]));
        pieces.add(here);
      }
      float[] all = Tensor.cat(parts, 0).matmul(block.wO()).floats();
      float[] bias = block.bO().floats();
      int begin = 0;
      for (int i = 0; i < places.size(); i++) {
        Place place = features(sae, places, i);
        List<Piece> here = pieces.get(i);
        int length = here.size() * bias.length;
        float[] vectors = Arrays.copyOfRange(all, begin, begin + length + bias.length);
        System.arraycopy(bias, 0, vectors, length, bias.length);
        vectors = run.attentionAdds(layer, place.row, place.position, vectors);
        begin += length;
        here.add(Piece.of(Part.OUTPUT_BIAS, layer));
        keep(place, new Written(here, vectors));
      }
    }
  }

  /**
   * Works out together what a split of the stream before a layer will ask for at some places, and
   * nothing around them: for who looks at few places of a prompt.
   */
  void prepare(StreamSplit split, int layer, Cells places) {
    for (Sae sae : saes(split, layer)) {
      int[] missing =
          IntStream.range(0, places.size())
              .filter(i -> !kept.containsKey(features(sae, places, i)))
              .toArray();
      Cells some =
          new Cells(
              Arrays.stream(missing).mapToLong(i -> places.row()[i]).toArray(),
              Arrays.stream(missing).mapToLong(i -> places.position()[i]).toArray());
      run.encode(sae, some);
      if (split == StreamSplit.FEATURES && !some.isNone()) {
        attention(sae, some);
      }
    }
  }

  private List<Sae> saes(StreamSplit split, int layer) {
    return switch (split) {
      case FEATURES ->
          IntStream.range(0, layer)
              .mapToObj(earlier -> run.saes().findAttention(earlier))
              .flatMap(Optional::stream)
              .toList();
      case RESIDUAL_FEATURES -> run.saes().findResidual(layer).stream().toList();
      default -> List.of();
    };
  }

  private static Place features(Sae sae, Cells places, int i) {
    int row = (int) places.row()[i];
    return new Place(Kind.FEATURES, sae.location(), row, (int) places.position()[i]);
  }

  /** An MLP output by its transcoder; whole where there is none. */
  Written mlp(int layer, int row, int position) {
    Location output = Location.of(Site.MLP_OUT, layer);
    Optional<Transcoder> transcoder = run.saes().findTranscoder(layer);
    if (transcoder.isEmpty() || run.isMlpEdited(layer)) {
      return component(Part.MLP_OUT, layer, output, row, position);
    }
    return kept(
        new Place(Kind.TRANSCODED, output, row, position),
        () -> new TranscoderReading(run, layer, row, position).written());
  }

  /** The stream before a block by its residual SAE; empty if there is none. */
  Optional<Written> residual(int layer, int row, int position) {
    return run.saes()
        .findResidual(layer)
        .map(
            sae ->
                kept(
                    new Place(Kind.FEATURES, sae.location(), row, position),
                    () -> {
                      List<Piece> pieces = new ArrayList<>();
                      Tensor parts = decoded(sae, Part.RESIDUAL_FEATURE, pieces, row, position);
                      return new Written(pieces, parts.floats());
                    }));
  }

  /** The vector that a row of a split stands for, {@code [d_model]}. */
  float[] vector(Contribution part, int row, int position) {
    int layer = part.layer();
    Written all =
        switch (part.part()) {
          case HEAD -> heads(layer, row, position);
          case RESIDUAL_FEATURE -> residual(layer, row, position).orElseThrow();
          case ATTENTION_FEATURE -> attention(layer, row, position);
          case TRANSCODER_FEATURE, TRANSCODER_SKIP -> mlp(layer, row, position);
          case MLP_OUT ->
              component(Part.MLP_OUT, layer, Location.of(Site.MLP_OUT, layer), row, position);
          default -> throw new IllegalArgumentException(part.name() + " is not followed");
        };
    int width = all.width();
    for (int i = 0; i < all.pieces().size(); i++) {
      Piece piece = all.pieces().get(i);
      if (piece.part() == part.part() && piece.index() == part.index()) {
        return Arrays.copyOfRange(all.vectors(), i * width, (i + 1) * width);
      }
    }
    throw new IllegalArgumentException(part.name() + " is not part of the stream there");
  }

  /**
   * What the active features of an SAE decode to, its bias and its error, {@code [piece, d_in]}.
   */
  private Tensor decoded(Sae sae, Part part, List<Piece> pieces, int row, int position) {
    int layer = sae.location().layer();
    Encoded encoded = run.encoded(sae, row, position);
    Tensor vector = run.read(sae, row, position);
    SaeReading reading = SaeReading.of(sae, run.activations());
    List<Tensor> parts = new ArrayList<>();
    Tensor bias = sae.bias(vector);
    Tensor error = vector.sub(bias);
    int count = encoded.active().length;
    if (count > 0) {
      Tensor activations = Tensor.of(encoded.activations(), count, 1).mul(sae.scale(vector));
      Tensor features = sae.directions(encoded.active()).mul(activations);
      error = error.sub(features.sum(0L));
      parts.add(features);
      for (int i = 0; i < count; i++) {
        pieces.add(new Piece(part, layer, encoded.active()[i], encoded.activations()[i]));
      }
    }
    if (reading.leavesOutError(row, position)) {
      error = error.mul(0);
    } else if (reading.hasEdits()) {
      // The error is that of the activations before they were edited.
      error = sae.error(vector);
    }
    parts.add(bias.unsqueeze(0));
    parts.add(error.unsqueeze(0));
    boolean residual = part == Part.RESIDUAL_FEATURE;
    pieces.add(Piece.of(residual ? Part.RESIDUAL_BIAS : Part.SAE_BIAS, layer));
    pieces.add(Piece.of(residual ? Part.RESIDUAL_ERROR : Part.SAE_ERROR, layer));
    return Tensor.cat(parts, 0);
  }

  private Written kept(Place place, Supplier<Written> make) {
    Written found = kept.get(place);
    if (found != null) {
      return found;
    }
    try (Scope scope = Scope.open()) {
      found = make.get();
    }
    keep(place, found);
    return found;
  }

  private void keep(Place place, Written written) {
    Written before = kept.put(place, written);
    size += written.vectors().length - (before == null ? 0 : before.vectors().length);
    Iterator<Written> oldest = kept.values().iterator();
    while (size > KEPT && kept.size() > 1) {
      size -= oldest.next().vectors().length;
      oldest.remove();
    }
  }
}
