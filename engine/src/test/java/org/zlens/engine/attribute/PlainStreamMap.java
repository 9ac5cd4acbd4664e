package org.zlens.engine.attribute;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.intervene.SaeReading;
import org.zlens.engine.model.BlockWeights;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/**
 * Written plainly, for {@link StreamMap} to be held against: a linear map of the stream before a
 * layer, and what it makes of each part of the stream: {@code image = part . matrix}.
 *
 * <p>What reads the images does not matter here: one number of a feature or a logit, or the query
 * or key of a head. So each way to split the stream is written once.
 */
final class PlainStreamMap {
  private final CleanRun run;
  private final int layer;
  private final int row;
  private final int position;
  private final float[] matrix;
  private final int width;

  /**
   * @param layer components before this layer make up the stream
   * @param matrix {@code [d_model, width]}, norm and its scale included
   */
  PlainStreamMap(CleanRun run, int layer, int row, int position, float[] matrix, int width) {
    run.requireWritten(layer);
    this.run = run;
    this.layer = layer;
    this.row = row;
    this.position = position;
    this.matrix = matrix;
    this.width = width;
  }

  /** The stream split in a way; empty if that takes an SAE that is not there. */
  Optional<List<StreamMap.Image>> split(StreamSplit split) {
    return switch (split) {
      case COMPONENTS -> Optional.of(components());
      case HEADS -> Optional.of(heads());
      case FEATURES -> Optional.of(features());
      case RESIDUAL_FEATURES -> residualFeatures();
    };
  }

  /** Embeddings and the output of each attention and MLP. */
  List<StreamMap.Image> components() {
    List<StreamMap.Image> images = embeddings();
    for (int l = 0; l < layer; l++) {
      component(images, Part.ATTN_OUT, l, Location.of(Site.ATTN_OUT, l));
      component(images, Part.MLP_OUT, l, Location.of(Site.MLP_OUT, l));
    }
    return images;
  }

  /** The same with each attention output split into its heads and bias. */
  List<StreamMap.Image> heads() {
    List<StreamMap.Image> images = embeddings();
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
  List<StreamMap.Image> features() {
    List<StreamMap.Image> images = embeddings();
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

  /** The stream split by the residual SAE before the layer; empty if there is none. */
  Optional<List<StreamMap.Image>> residualFeatures() {
    return run.saes()
        .findResidual(layer)
        .map(
            sae -> {
              List<StreamMap.Image> images = new ArrayList<>();
              sae(images, Part.RESIDUAL_FEATURE, layer, sae, matrix);
              return images;
            });
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

  private List<StreamMap.Image> embeddings() {
    List<StreamMap.Image> images = new ArrayList<>();
    component(images, Part.EMBED, -1, Location.of(Site.EMBED));
    component(images, Part.POS_EMBED, -1, Location.of(Site.POS_EMBED));
    return images;
  }

  private void component(List<StreamMap.Image> images, Part part, int l, Location location) {
    add(images, part, l, -1, image(location));
  }

  private void add(List<StreamMap.Image> images, Part part, int l, int index, double[] values) {
    images.add(new StreamMap.Image(part, l, index, position, Double.NaN, values));
  }

  private void heads(List<StreamMap.Image> images, int l) {
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

  private void attention(List<StreamMap.Image> images, int l, Sae sae) {
    sae(images, Part.ATTENTION_FEATURE, l, sae, throughOutput(l));
    outputBias(images, l);
  }

  /** What becomes of each component of z: {@code W_O matrix}. */
  private float[] throughOutput(int l) {
    try (Scope scope = Scope.open()) {
      return run.block(l).wO().matmul(Tensor.of(matrix, matrix.length / width, width)).floats();
    }
  }

  private void outputBias(List<StreamMap.Image> images, int l) {
    BlockWeights block = run.block(l);
    add(images, Part.OUTPUT_BIAS, l, -1, map(block.bO().floats(), matrix));
  }

  /**
   * Features of an SAE at this place, its bias and its error.
   *
   * @param map of what the SAE reads, {@code [d_in, width]}
   */
  private void sae(List<StreamMap.Image> images, Part part, int l, Sae sae, float[] map) {
    int inputs = map.length / width;
    try (Scope scope = Scope.open()) {
      Tensor vector = run.read(sae, row, position);
      float[] acts = SaeReading.of(sae, run.activations()).activations(row, position);
      float[] decoder = sae.wDec().floats();
      double factor = sae.scale(vector).item();
      for (int feature = 0; feature < acts.length; feature++) {
        if (acts[feature] == 0) {
          continue;
        }
        double[] values = new double[width];
        for (int j = 0; j < width; j++) {
          for (int k = 0; k < inputs; k++) {
            values[j] += (double) decoder[feature * inputs + k] * map[k * width + j];
          }
          values[j] *= acts[feature] * factor;
        }
        images.add(new StreamMap.Image(part, l, feature, position, acts[feature], values));
      }
      boolean residual = part == Part.RESIDUAL_FEATURE;
      Part bias = residual ? Part.RESIDUAL_BIAS : Part.SAE_BIAS;
      Part error = residual ? Part.RESIDUAL_ERROR : Part.SAE_ERROR;
      add(images, bias, l, -1, map(sae.bias(vector).floats(), map));
      add(images, error, l, -1, map(sae.error(vector).floats(), map));
    }
  }
}
