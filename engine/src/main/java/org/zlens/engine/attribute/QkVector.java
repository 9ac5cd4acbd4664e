package org.zlens.engine.attribute;

import java.util.ArrayList;
import java.util.List;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Site;
import org.zlens.engine.model.BlockWeights;
import org.zlens.engine.model.Scores;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * A query or a key of a head, as the score takes it, as the sum of what the parts of the stream
 * become, norm scales held fixed; or the part of it that an earlier head has moved there.
 *
 * @param whole the sum, from the pass, {@code [d_head]}
 * @param images of the parts, biases among them, each {@code [d_head]}
 */
record QkVector(double[] whole, List<StreamMap.Image> images) {

  /** What a query and a key differ in. */
  enum Role {
    QUERY,
    KEY
  }

  /** The query or key of a head at a position. */
  static QkVector of(
      CleanRun run, int layer, int head, Role role, int row, int position, QkSide side) {
    run.require(row, position);
    run.requireScored(layer);
    try (Scope scope = Scope.open()) {
      Scores scores = new Scores(run.config());
      Tensor map = scores.turned(weights(run, layer, head, role), position);
      Tensor bias = scores.turned(bias(run, layer, head, role), position);
      Tensor read = normed(run, layer, row, position, map);
      if (side.via().isPresent()) {
        return through(run, side, side.via().get(), layer, row, position, read);
      }
      Part part = role == Role.QUERY ? Part.QUERY_BIAS : Part.KEY_BIAS;
      BlockWeights block = run.block(layer);
      Tensor constant =
          block.ln1Bias() == null ? bias : bias.add(block.ln1Bias().unsqueeze(0).matmul(map));
      List<StreamMap.Image> images = images(run, layer, row, position, read, side.split());
      images.add(constant(part, layer, position, constant));
      return new QkVector(whole(run, layer, head, role, row, position), images);
    }
  }

  /** The query or key of the pass, turned as its position asks, {@code [d_head]}. */
  static double[] whole(CleanRun run, int layer, int head, Role role, int row, int position) {
    try (Scope scope = Scope.open()) {
      return doubles(
          run.activations()
              .get(role == Role.QUERY ? run.config().querySite() : run.config().keySite(), layer)
              .select(0, row)
              .select(0, position)
              .select(0, role == Role.QUERY ? head : keyValueHead(run, head)));
    }
  }

  /** What a head has moved from its source to a position, as a query or key there sees it. */
  private static QkVector through(
      CleanRun run, QkSide side, QkPath path, int layer, int row, int position, Tensor read) {
    run.requireMixed(path.layer());
    BlockWeights block = run.block(path.layer());
    double weight =
        run.pattern(path.layer(), row, position)
            .select(0, path.head())
            .select(0, path.source())
            .item();
    int group = keyValueHead(run, path.head());
    Tensor out = columns(block.wO().transpose(0, 1), path.head(), run).transpose(0, 1);
    Tensor onward = out.matmul(read).mul(weight);
    Tensor values = columns(block.wV(), group, run);
    Tensor value =
        run.activations()
            .get(Site.V, path.layer())
            .select(0, row)
            .select(0, path.source())
            .select(0, group)
            .reshape(1, -1);
    Tensor bias = block.bV().reshape(run.config().keyValueHeads(), -1).slice(0, group, group + 1);
    if (block.ln1Bias() != null) {
      bias = bias.add(block.ln1Bias().unsqueeze(0).matmul(values));
    }
    Tensor map = normed(run, path.layer(), row, path.source(), values).matmul(onward);
    List<StreamMap.Image> images = images(run, path.layer(), row, path.source(), map, side.split());
    images.add(constant(Part.VALUE_BIAS, path.layer(), path.source(), bias.matmul(onward)));
    return new QkVector(doubles(value.matmul(onward)), images);
  }

  /** Refuses a path that does not lead to a position before a layer. */
  static void require(CleanRun run, QkPath path, int layer, int row, int position) {
    if (path.layer() < 0 || path.layer() >= layer) {
      throw new ZlensException(
          Kind.USAGE,
          "L" + path.layer() + ".H" + path.head() + " writes nothing that L" + layer + " reads",
          "name a head of an earlier layer");
    }
    run.requireHead(path.layer(), path.head());
    run.require(row, path.source());
    if (path.source() > position) {
      throw new ZlensException(
          Kind.RUNTIME,
          "position " + path.source() + " lies after " + position + ", which cannot see it",
          "a head reads from positions up to its own");
    }
  }

  private static Tensor weights(CleanRun run, int layer, int head, Role role) {
    BlockWeights block = run.block(layer);
    return role == Role.QUERY
        ? columns(block.wQ(), head, run)
        : columns(block.wK(), keyValueHead(run, head), run);
  }

  private static Tensor bias(CleanRun run, int layer, int head, Role role) {
    BlockWeights block = run.block(layer);
    Tensor all = role == Role.QUERY ? block.bQ() : block.bK();
    int index = role == Role.QUERY ? head : keyValueHead(run, head);
    int size = run.config().dHead();
    return all.reshape(1, -1).slice(1, (long) index * size, (long) (index + 1) * size);
  }

  private static Tensor columns(Tensor weights, int head, CleanRun run) {
    int size = run.config().dHead();
    return weights.slice(1, (long) head * size, (long) (head + 1) * size);
  }

  private static int keyValueHead(CleanRun run, int head) {
    return head / (run.config().heads() / run.config().keyValueHeads());
  }

  /**
   * A map of normalised vectors as one of the stream: centring, scale and gain of the norm put in
   * front of it, {@code [d_model, d_head]}.
   */
  private static Tensor normed(CleanRun run, int layer, int row, int position, Tensor map) {
    return run.norm1(layer)
        .back(map.transpose(0, 1))
        .transpose(0, 1)
        .mul(1 / run.scale(layer, row, position));
  }

  private static List<StreamMap.Image> images(
      CleanRun run, int layer, int row, int position, Tensor map, StreamSplit split) {
    int width = run.config().dHead();
    return new ArrayList<>(
        new StreamMap(run, layer, row, position, map.reshape(-1).floats(), width)
            .split(split)
            .orElseThrow(
                () ->
                    new ZlensException(
                        Kind.NAME,
                        "layer " + layer + " has no residual SAE",
                        "load one with 'sae', or split another way")));
  }

  private static StreamMap.Image constant(Part part, int layer, int position, Tensor vector) {
    return new StreamMap.Image(part, layer, -1, position, Double.NaN, doubles(vector));
  }

  private static double[] doubles(Tensor vector) {
    float[] floats = vector.reshape(-1).floats();
    double[] doubles = new double[floats.length];
    for (int i = 0; i < floats.length; i++) {
      doubles[i] = floats[i];
    }
    return doubles;
  }

  /** Inner product with another. */
  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** Sum of the sizes of the images. */
  double size() {
    return images.stream().mapToDouble(i -> Math.sqrt(dot(i.values(), i.values()))).sum();
  }
}
