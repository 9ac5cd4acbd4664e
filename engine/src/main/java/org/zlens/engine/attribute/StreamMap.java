package org.zlens.engine.attribute;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.model.BlockWeights;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/**
 * A linear map of the residual stream at one place before a layer, and what it makes of each part
 * of the stream: {@code image = part . matrix}.
 *
 * <p>What reads the images does not matter here: one number of a feature or a logit, or the query
 * or key of a head. So each way to split the stream is written once.
 */
final class StreamMap {
  private final CleanRun run;
  private final int layer;
  private final int row;
  private final int position;
  private final float[] matrix;
  private final int width;

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
    run.requireWritten(layer);
    this.run = run;
    this.layer = layer;
    this.row = row;
    this.position = position;
    this.matrix = matrix;
    this.width = width;
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
    List<Image> images = embeddings();
    for (int l = 0; l < layer; l++) {
      component(images, Part.ATTN_OUT, l, Location.of(Site.ATTN_OUT, l));
      component(images, Part.MLP_OUT, l, Location.of(Site.MLP_OUT, l));
    }
    return images;
  }

  /** The same with each attention output split into its heads and bias. */
  List<Image> heads() {
    List<Image> images = embeddings();
    for (int l = 0; l < layer; l++) {
      heads(images, l);
      component(images, Part.MLP_OUT, l, Location.of(Site.MLP_OUT, l));
    }
    return images;
  }

  /**
   * The same with each attention output split into the features, bias and error of its SAE and the
   * bias of the output; layers without an SAE stay whole.
   */
  List<Image> features() {
    List<Image> images = embeddings();
    for (int l = 0; l < layer; l++) {
      Optional<Sae> sae = run.saes().findAttention(l);
      if (sae.isPresent()) {
        attention(images, l, sae.get());
      } else {
        component(images, Part.ATTN_OUT, l, Location.of(Site.ATTN_OUT, l));
      }
      component(images, Part.MLP_OUT, l, Location.of(Site.MLP_OUT, l));
    }
    return images;
  }

  /** One attention output split by its SAE. */
  List<Image> upstream(int earlier) {
    List<Image> images = new ArrayList<>();
    attention(images, earlier, run.saes().attention(earlier));
    return images;
  }

  /** The stream split by the residual SAE before the layer; empty if there is none. */
  Optional<List<Image>> residualFeatures() {
    return run.saes()
        .findResidual(layer)
        .map(
            sae -> {
              List<Image> images = new ArrayList<>();
              sae(images, Part.RESIDUAL_FEATURE, layer, sae, matrix);
              return images;
            });
  }

  /** Sizes of the vectors that the stream is the sum of. */
  double streamSize() {
    double size = size(Location.of(Site.EMBED)) + size(Location.of(Site.POS_EMBED));
    for (int l = 0; l < layer; l++) {
      size += size(Location.of(Site.ATTN_OUT, l)) + size(Location.of(Site.MLP_OUT, l));
    }
    return size;
  }

  private double size(Location location) {
    return Readout.norm(vector(location));
  }

  /** What the map makes of the values at a location. */
  double[] image(Location location) {
    return map(vector(location), matrix);
  }

  private float[] vector(Location location) {
    try (Scope scope = Scope.open()) {
      return run.vector(location, row, position).floats();
    }
  }

  private double[] map(float[] vector, float[] map) {
    double[] values = new double[width];
    add(values, vector, 0, vector.length, map);
    return values;
  }

  /** Adds what a part of a vector, from an index up to another, becomes. */
  private void add(double[] values, float[] vector, int from, int to, float[] map) {
    for (int i = from; i < to; i++) {
      for (int j = 0; j < width; j++) {
        values[j] += (double) vector[i] * map[i * width + j];
      }
    }
  }

  private List<Image> embeddings() {
    List<Image> images = new ArrayList<>();
    component(images, Part.EMBED, -1, Location.of(Site.EMBED));
    component(images, Part.POS_EMBED, -1, Location.of(Site.POS_EMBED));
    return images;
  }

  private void component(List<Image> images, Part part, int l, Location location) {
    add(images, part, l, -1, image(location));
  }

  private void add(List<Image> images, Part part, int l, int index, double[] values) {
    images.add(new Image(part, l, index, position, Double.NaN, values));
  }

  private void heads(List<Image> images, int l) {
    float[] map = throughOutput(l);
    float[] z = vector(Location.of(Site.Z, l));
    int size = run.config().dHead();
    for (int head = 0; head < run.config().heads(); head++) {
      double[] values = new double[width];
      add(values, z, head * size, (head + 1) * size, map);
      add(images, Part.HEAD, l, head, values);
    }
    outputBias(images, l);
  }

  private void attention(List<Image> images, int l, Sae sae) {
    sae(images, Part.ATTENTION_FEATURE, l, sae, throughOutput(l));
    outputBias(images, l);
  }

  /** What becomes of each component of z: {@code W_O matrix}. */
  private float[] throughOutput(int l) {
    try (Scope scope = Scope.open()) {
      return run.block(l).wO().matmul(Tensor.of(matrix, matrix.length / width, width)).floats();
    }
  }

  private void outputBias(List<Image> images, int l) {
    BlockWeights block = run.block(l);
    add(images, Part.OUTPUT_BIAS, l, -1, map(block.bO().floats(), matrix));
  }

  /**
   * Features of an SAE at this place, its bias and its error.
   *
   * @param map of what the SAE reads, {@code [d_in, width]}
   */
  private void sae(List<Image> images, Part part, int l, Sae sae, float[] map) {
    Encoded encoded = run.encoded(sae, row, position);
    int[] active = encoded.active();
    int inputs = map.length / width;
    try (Scope scope = Scope.open()) {
      float[] decoder = active.length == 0 ? new float[0] : sae.directions(active).floats();
      for (int i = 0; i < active.length; i++) {
        double activation = encoded.activations()[i];
        double[] values = new double[width];
        for (int j = 0; j < width; j++) {
          double read = 0;
          for (int k = 0; k < inputs; k++) {
            read += (double) decoder[i * inputs + k] * map[k * width + j];
          }
          values[j] = activation * encoded.factor() * read;
        }
        images.add(new Image(part, l, active[i], position, activation, values));
      }
    }
    add(images, Part.SAE_BIAS, l, -1, map(encoded.bias(), map));
    add(images, Part.SAE_ERROR, l, -1, map(encoded.error(), map));
  }
}
