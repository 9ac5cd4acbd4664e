package org.zlens.engine.attribute;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;

/**
 * A linear map of the residual stream at one place, and what it makes of each part of the stream:
 * {@code image = part . matrix}.
 *
 * <p>What reads the images does not matter here: one number of a feature or a logit, or the query
 * or key of a head. So each way to split the stream is written once.
 */
final class StreamMap {
  private final CleanRun run;
  private final StreamPoint point;
  private final int row;
  private final int position;
  private final float[] matrix;
  private final int width;
  private final StreamParts parts;

  /**
   * What the map makes of a part of the stream.
   *
   * @param layer the layer that the part belongs to, -1 if none
   * @param index head or feature, -1 if none
   * @param activation activation of a feature, NaN for other parts
   * @param values {@code [width]}
   */
  record Image(Part part, int layer, int index, int position, double activation, double[] values) {}

  /**
   * @param layer components before this layer make up the stream
   * @param matrix {@code [d_model, width]}, norm and its scale included
   */
  StreamMap(CleanRun run, int layer, int row, int position, float[] matrix, int width) {
    this(run, StreamPoint.before(layer), row, position, matrix, width);
  }

  /** The same of the stream at any point. */
  StreamMap(CleanRun run, StreamPoint point, int row, int position, float[] matrix, int width) {
    run.requireWritten(point.layer());
    this.run = run;
    this.point = point;
    this.row = row;
    this.position = position;
    this.matrix = matrix;
    this.width = width;
    this.parts = run.parts();
  }

  /** The stream split in a way; empty if that takes an SAE that is not there. */
  Optional<List<Image>> split(StreamSplit split) {
    return switch (split) {
      case COMPONENTS -> Optional.of(components());
      case HEADS -> Optional.of(heads());
      case FEATURES -> Optional.of(features());
      case RESIDUAL_FEATURES -> residualFeatures();
    };
  }

  /** Embeddings and the output of each attention and MLP. */
  List<Image> components() {
    return images(written(StreamSplit.COMPONENTS, false));
  }

  /** The same with each attention output split into its heads and bias. */
  List<Image> heads() {
    return images(written(StreamSplit.HEADS, false));
  }

  /** The same with each MLP output by its transcoder, where it has one. */
  List<Image> headsAndTranscoders() {
    return images(written(StreamSplit.HEADS, true));
  }

  /**
   * The same with each attention output split into the features, bias and error of its SAE and the
   * bias of the output, and each MLP output by its transcoder; layers without them stay whole.
   */
  List<Image> features() {
    return images(written(StreamSplit.FEATURES, true));
  }

  /** One attention output split by its SAE. */
  List<Image> upstream(int earlier) {
    run.saes().attention(earlier);
    return images(List.of(parts.attention(earlier, row, position)));
  }

  /** The stream split by the residual SAE before the layer; empty if there is none. */
  Optional<List<Image>> residualFeatures() {
    return residualFeatures(point.layer());
  }

  /**
   * The stream split by the residual SAE before a layer, and by features what was written after it;
   * empty if there is none.
   */
  Optional<List<Image>> residualFeatures(int base) {
    return parts
        .residual(base, row, position)
        .map(
            residual -> {
              List<Written> all = new ArrayList<>(List.of(residual));
              all.addAll(writtenFrom(base, StreamSplit.FEATURES, true));
              return images(all);
            });
  }

  /** Sizes of the vectors that the stream is the sum of. */
  double streamSize() {
    double size = 0;
    for (Written one : written(StreamSplit.COMPONENTS, false)) {
      size += Readout.norm(one.vectors());
    }
    return size;
  }

  /** What the map makes of the values at a location. */
  double[] image(Location location) {
    float[] vector = parts.component(Part.SOURCE, -1, location, row, position).vectors();
    return product(vector, 0);
  }

  private List<Written> written(StreamSplit split, boolean transcoded) {
    List<Written> all = new ArrayList<>();
    all.add(component(Part.EMBED, -1, Location.of(Site.EMBED)));
    if (run.config().has(Site.POS_EMBED)) {
      all.add(component(Part.POS_EMBED, -1, Location.of(Site.POS_EMBED)));
    }
    all.addAll(writtenFrom(0, split, transcoded));
    return all;
  }

  /** What the blocks from one on have written before the stream is read. */
  private List<Written> writtenFrom(int first, StreamSplit split, boolean transcoded) {
    List<Written> all = new ArrayList<>();
    for (int l = first; l < point.attentions(); l++) {
      all.add(
          switch (split) {
            case HEADS -> parts.heads(l, row, position);
            case FEATURES -> parts.attention(l, row, position);
            default -> component(Part.ATTN_OUT, l, Location.of(Site.ATTN_OUT, l));
          });
      if (l < point.layer() && run.config().hasMlp()) {
        all.add(
            transcoded
                ? parts.mlp(l, row, position)
                : component(Part.MLP_OUT, l, Location.of(Site.MLP_OUT, l)));
      }
    }
    return all;
  }

  private Written component(Part part, int layer, Location location) {
    return parts.component(part, layer, location, row, position);
  }

  private List<Image> images(List<Written> all) {
    List<Image> images = new ArrayList<>();
    for (Written written : all) {
      for (int i = 0; i < written.pieces().size(); i++) {
        Written.Piece piece = written.pieces().get(i);
        images.add(
            new Image(
                piece.part(),
                piece.layer(),
                piece.index(),
                position,
                piece.activation(),
                product(written.vectors(), i * written.width())));
      }
    }
    return images;
  }

  /** The vector that begins at an index, times the matrix. */
  private double[] product(float[] vectors, int begin) {
    int inputs = matrix.length / width;
    if (width == 1) {
      return new double[] {dot(vectors, begin, matrix)};
    }
    double[] values = new double[width];
    for (int i = 0; i < inputs; i++) {
      double value = vectors[begin + i];
      for (int j = 0; j < width; j++) {
        values[j] += value * matrix[i * width + j];
      }
    }
    return values;
  }

  /**
   * Sums of sixteen products as floats, added up as doubles: a product rounds no finer than its
   * factors, and so short a sum adds little to that.
   */
  private static double dot(float[] vectors, int begin, float[] with) {
    double sum = 0;
    int i = 0;
    for (int at = begin; i + 15 < with.length; i += 16, at += 16) {
      float a = vectors[at] * with[i] + vectors[at + 4] * with[i + 4];
      float b = vectors[at + 1] * with[i + 1] + vectors[at + 5] * with[i + 5];
      float c = vectors[at + 2] * with[i + 2] + vectors[at + 6] * with[i + 6];
      float d = vectors[at + 3] * with[i + 3] + vectors[at + 7] * with[i + 7];
      a += vectors[at + 8] * with[i + 8] + vectors[at + 12] * with[i + 12];
      b += vectors[at + 9] * with[i + 9] + vectors[at + 13] * with[i + 13];
      c += vectors[at + 10] * with[i + 10] + vectors[at + 14] * with[i + 14];
      d += vectors[at + 11] * with[i + 11] + vectors[at + 15] * with[i + 15];
      sum += (a + b) + (c + d);
    }
    for (; i < with.length; i++) {
      sum += (double) vectors[begin + i] * with[i];
    }
    return sum;
  }
}
