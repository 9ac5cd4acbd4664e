package org.zlens.engine.attribute.circuit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.attribute.Move;
import org.zlens.engine.attribute.PathGradients;
import org.zlens.engine.intervene.AlignedCells;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.intervene.Metric;
import org.zlens.engine.intervene.Where;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;
import org.zlens.engine.sae.Sae;

/**
 * Estimates of what the nodes of a circuit contribute to a metric and through each other, from
 * gradients.
 *
 * <pre>
 * node  grad_u m . (u - absent)                         all ways from u to the metric
 * edge  grad_d m . (grad_u d . (u - absent))            ways from u to d past no third node's site
 * </pre>
 *
 * <p>What a node contributes is therefore what its edges to all other nodes and to the metric add
 * up to, errors among them.
 *
 * @param steps points on the way from the clean values to those with all nodes absent that a node's
 *     gradient is the mean over (integrated gradients); 0 for the gradient at the clean values.
 *     Edges are those of the clean values.
 */
public record CircuitEffects(
    Transformer model,
    Batch batch,
    Metric metric,
    CircuitSpace space,
    int steps,
    Progress progress) {
  /** Activations that are looked at together. */
  private static final int AT_ONCE = 1 << 22;

  /** Refuses a metric that is flat at the clean run. */
  public CircuitEffects {
    if (steps == 0 && metric instanceof Metric.Divergence) {
      throw new ZlensException(
          Kind.USAGE,
          "the divergence from the clean run is flat at the clean run, so its gradient says nothing",
          "take points on the way: steps 10");
    }
  }

  /** Every node that contributes anything in some prompt, the largest contributions first. */
  public List<NodeEffect> nodes() {
    Map<CircuitNode, double[]> found = new LinkedHashMap<>();
    try (Scope scope = Scope.open()) {
      new PathGradients(model, metric, moves(), steps)
          .run(
              batch,
              progress,
              part -> {
                for (int sae = 0; sae < space.saes().size(); sae++) {
                  add(part, sae, found);
                }
              });
    }
    List<NodeEffect> effects = new ArrayList<>();
    found.forEach((node, each) -> effects.add(effect(node, each)));
    effects.sort(
        Comparator.comparingDouble((NodeEffect one) -> Math.abs(one.contribution()))
            .reversed()
            .thenComparingInt(one -> one.node().sae())
            .thenComparingInt(one -> one.node().feature())
            .thenComparingInt(one -> one.node().place()));
    return effects;
  }

  private static NodeEffect effect(CircuitNode node, double[] each) {
    double sum = 0;
    double squares = 0;
    int prompts = 0;
    for (double one : each) {
      sum += one;
      squares += one * one;
      prompts += one == 0 ? 0 : 1;
    }
    double mean = sum / each.length;
    double variance = Math.max(0, squares / each.length - mean * mean);
    return new NodeEffect(node, mean, Math.sqrt(variance), prompts);
  }

  private void add(PathGradients.Part part, int number, Map<CircuitNode, double[]> found) {
    Sae sae = space.saes().get(number);
    AlignedCells all = AlignedCells.of(part.batch(), space.alignment());
    int[] features = IntStream.range(0, sae.features()).toArray();
    int step = Math.max(1, AT_ONCE / sae.features());
    for (int from = 0; from < all.size(); from += step) {
      try (Scope scope = Scope.open()) {
        AlignedCells some = all.slice(from, Math.min(all.size(), from + step));
        Tensor vectors = some.cells().take(part.values().get(sae.location()));
        Tensor gradients = some.cells().take(part.gradients().get(sae.location()));
        NodeDeltas deltas =
            NodeDeltas.of(sae, space.absences().get(number), features, vectors, some);
        float[] byFeature = deltas.ofFeatures(gradients);
        float[] byError = deltas.ofError(gradients);
        for (int cell = 0; cell < some.size(); cell++) {
          int prompt = part.first() + (int) some.cells().row()[cell];
          int place = some.place()[cell];
          for (int feature = 0; feature < features.length; feature++) {
            double value = byFeature[cell * features.length + feature];
            if (value != 0) {
              put(found, new CircuitNode(number, feature, place), prompt, -value);
            }
          }
          put(found, CircuitNode.error(number, place), prompt, -byError[cell]);
        }
      }
    }
  }

  private void put(Map<CircuitNode, double[]> found, CircuitNode node, int prompt, double value) {
    found.computeIfAbsent(node, one -> new double[batch.rows()])[prompt] += value;
  }

  /**
   * What each of some nodes contributes through each of the others and directly, one that is zero
   * left out; the largest first.
   */
  public List<CircuitEdge> edges(Collection<CircuitNode> nodes) {
    Map<List<CircuitNode>, double[]> sums = new LinkedHashMap<>();
    try (Scope scope = Scope.open()) {
      new PathGradients(model, metric, moves(), 0)
          .run(
              batch,
              progress,
              part ->
                  new EdgeGradients(model, metric, space, nodes, progress)
                      .run(part, (from, to, value) -> sum(sums, from, to, -value)));
    }
    List<CircuitEdge> edges = new ArrayList<>();
    sums.forEach(
        (ends, sum) ->
            edges.add(
                new CircuitEdge(
                    ends.get(0), ends.size() > 1 ? ends.get(1) : null, sum[0] / batch.rows())));
    edges.sort(
        Comparator.comparingDouble((CircuitEdge one) -> Math.abs(one.contribution())).reversed());
    return edges;
  }

  private static void sum(
      Map<List<CircuitNode>, double[]> sums, CircuitNode from, CircuitNode to, double value) {
    List<CircuitNode> ends = to == null ? List.of(from) : List.of(from, to);
    sums.computeIfAbsent(ends, key -> new double[1])[0] += value;
  }

  /** All nodes of each SAE absent. */
  private List<Move> moves() {
    List<int[]> rows = new ArrayList<>();
    for (int[] places : space.alignment().places()) {
      rows.add(IntStream.range(0, places.length).filter(at -> places[at] >= 0).toArray());
    }
    Where where = Where.rows(rows);
    List<Move> moves = new ArrayList<>();
    for (int i = 0; i < space.saes().size(); i++) {
      int number = i;
      Sae sae = space.saes().get(i);
      moves.add(
          new Move(
              sae.location(),
              where,
              (values, part) -> {
                AlignedCells cells = AlignedCells.of(part, space.alignment());
                return cells.cells().put(values, absent(number, values, cells));
              }));
    }
    return moves;
  }

  private Tensor absent(int number, Tensor values, AlignedCells cells) {
    Sae sae = space.saes().get(number);
    Tensor own = cells.cells().take(values);
    Tensor acts = sae.encode(own);
    Tensor decoded = sae.decode(space.absences().get(number).features(acts, cells.place()), own);
    Tensor error = space.absences().get(number).errors(sae.flatten(own), cells.place());
    return decoded.add(error).reshape(own.shape());
  }
}
