package org.zlens.engine.attribute.circuit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.zlens.engine.attribute.FinalPredictions;
import org.zlens.engine.attribute.PathGradients;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.intervene.AlignedCells;
import org.zlens.engine.intervene.Metric;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.GradMode;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/**
 * What nodes contribute through each other, for some of the prompts: one pass in which the values
 * at every SAE's site begin anew, so that a gradient ends at the first site upstream; then one
 * backward pass for each node.
 */
final class EdgeGradients {
  private final Transformer model;
  private final Metric metric;
  private final CircuitSpace space;
  private final List<CircuitNode> nodes;
  private final Progress progress;
  private final List<int[]> features = new ArrayList<>();
  private final Set<CircuitNode> known;

  /** Hears what a node changes through another, or the metric itself where that is null. */
  interface Found {
    void edge(CircuitNode from, CircuitNode to, double change);
  }

  EdgeGradients(
      Transformer model,
      Metric metric,
      CircuitSpace space,
      Collection<CircuitNode> nodes,
      Progress progress) {
    this.model = model;
    this.metric = metric;
    this.space = space;
    this.nodes = List.copyOf(nodes);
    this.progress = progress;
    this.known = Set.copyOf(nodes);
    for (int i = 0; i < space.saes().size(); i++) {
      int sae = i;
      int[] own =
          this.nodes.stream()
              .filter(node -> node.sae() == sae && !node.isError())
              .mapToInt(CircuitNode::feature)
              .sorted()
              .distinct()
              .toArray();
      features.add(own);
    }
  }

  /** A pass that begins anew at each site. */
  private record Cut(Map<Location, Tensor> came, List<Tensor> leaves, Tensor metric) {}

  void run(PathGradients.Part part, Found found) {
    AlignedCells cells = AlignedCells.of(part.batch(), space.alignment());
    List<NodeDeltas> deltas = new ArrayList<>();
    for (int i = 0; i < space.saes().size(); i++) {
      Sae sae = space.saes().get(i);
      Tensor vectors = cells.cells().take(part.values().get(sae.location()));
      deltas.add(NodeDeltas.of(sae, space.absences().get(i), features.get(i), vectors, cells));
    }
    try (GradMode on = GradMode.on()) {
      Cut cut = cut(part);
      upstream(cut.metric, cut.leaves, deltas, cells, null, found);
      int done = 0;
      for (CircuitNode node : nodes) {
        progress.step(done++, nodes.size());
        if (node.sae() > 0) {
          try (Scope scope = Scope.open()) {
            Sae sae = space.saes().get(node.sae());
            Tensor came = cut.came.get(sae.location());
            Tensor gradients = part.gradients().get(sae.location());
            Tensor weighted = weighted(node, came, gradients, cells);
            if (weighted != null) {
              List<Tensor> leaves = cut.leaves.subList(0, node.sae());
              upstream(weighted, leaves, deltas, cells, node, found);
            }
          }
        }
      }
    }
  }

  private Cut cut(PathGradients.Part part) {
    Map<Location, Tensor> came = new LinkedHashMap<>();
    List<Tensor> leaves = new ArrayList<>();
    List<Edit> edits = new ArrayList<>();
    for (Location location : space.locations()) {
      edits.add(
          new Edit(
              location,
              "a beginning",
              Edit.Effect.MAY_CHANGE,
              values -> {
                came.put(location, values);
                Tensor leaf = values.leaf();
                leaves.add(leaf);
                return leaf;
              }));
    }
    Location last = Location.of(Site.FINAL_NORMALIZED);
    Hooks hooks = Hooks.none().capture(last).edit(edits).withoutLogits();
    Activations pass = model.forward(part.batch().tokens(), hooks);
    Tensor reading = metric.read(part.batch(), new FinalPredictions(model, pass.get(last)));
    return new Cut(came, leaves, metric.values(reading, reading.detach()).sum());
  }

  /** A node at its places, each times what the metric makes of it; null if it has no place here. */
  private Tensor weighted(CircuitNode node, Tensor came, Tensor gradients, AlignedCells all) {
    Sae sae = space.saes().get(node.sae());
    AlignedCells cells =
        all.pick(
            IntStream.range(0, all.size())
                .filter(cell -> all.place()[cell] == node.place())
                .toArray());
    if (cells.size() == 0) {
      return null;
    }
    Tensor own = cells.cells().take(came);
    Tensor slopes = sae.flatten(cells.cells().take(gradients)).detach();
    if (node.isError()) {
      Tensor error = sae.flatten(own).sub(sae.decode(sae.encode(own), own));
      return error.mul(slopes).sum();
    }
    Tensor direction = sae.directions(node.feature()).transpose(0, 1);
    Tensor weight = slopes.mul(sae.scale(own).detach()).matmul(direction);
    return sae.encode(own, node.feature()).reshape(-1).mul(weight.reshape(-1)).sum();
  }

  /** What the changes of all nodes upstream do to a number. */
  private void upstream(
      Tensor number,
      List<Tensor> leaves,
      List<NodeDeltas> deltas,
      AlignedCells cells,
      CircuitNode to,
      Found found) {
    try (Scope scope = Scope.open()) {
      Tensor[] gradients = number.gradientsOfMany(leaves);
      for (int sae = 0; sae < gradients.length; sae++) {
        Tensor own = cells.cells().take(gradients[sae]);
        int[] some = features.get(sae);
        float[] byFeature = deltas.get(sae).ofFeatures(own);
        float[] byError = deltas.get(sae).ofError(own);
        for (int cell = 0; cell < cells.size(); cell++) {
          int place = cells.place()[cell];
          for (int i = 0; i < some.length; i++) {
            tell(
                found, new CircuitNode(sae, some[i], place), to, byFeature[cell * some.length + i]);
          }
          tell(found, CircuitNode.error(sae, place), to, byError[cell]);
        }
      }
    }
  }

  private void tell(Found found, CircuitNode from, CircuitNode to, double change) {
    if (change != 0 && known.contains(from)) {
      found.edge(from, to, change);
    }
  }
}
