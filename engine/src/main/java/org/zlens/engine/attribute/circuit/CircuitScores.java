package org.zlens.engine.attribute.circuit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.intervene.CircuitAblation;
import org.zlens.engine.intervene.Metric;
import org.zlens.engine.intervene.Sweep;
import org.zlens.engine.model.Transformer;
import org.zlens.engine.runtime.Progress;

/**
 * What circuits are worth, measured: every number is that of a run in which nodes are absent, none
 * an estimate. All runs of a question are one sweep, which shares passes among them.
 *
 * @param budget most bytes for values of passes, model and SAEs apart
 */
public record CircuitScores(
    Transformer model,
    Batch batch,
    Metric metric,
    CircuitSpace space,
    long budget,
    Progress progress) {

  /** Metrics of the clean run and of that with all nodes absent, means over the prompts. */
  private record Ends(double all, double nothing) {
    private double share(double metric) {
      return (metric - nothing) / (all - nothing);
    }
  }

  /**
   * The scores of the circuits of the first nodes of a ranking, for some numbers of nodes.
   *
   * @param ranked nodes, the most important first
   * @param sizes numbers of nodes, from 0 to as many as there are
   * @throws ZlensException of kind RUNTIME if the metric is the same with all nodes absent
   */
  public List<CircuitScore> curve(List<NodeEffect> ranked, int... sizes) {
    List<CircuitNode> nodes = ranked.stream().map(NodeEffect::node).toList();
    Sweep sweep = sweep(curveRuns(ranked, sizes));
    Ends ends = ends(sweep);
    List<CircuitScore> scores = new ArrayList<>();
    int next = 1;
    for (int size : sizes) {
      boolean whole = space.isWhole(nodes.subList(0, size));
      boolean ran = size > 0 && !whole;
      double alone = ran ? metric(sweep, next++) : whole ? ends.all : ends.nothing;
      double without = ran ? metric(sweep, next++) : whole ? ends.nothing : ends.all;
      double least = size > 0 ? Math.abs(ranked.get(size - 1).contribution()) : Double.NaN;
      scores.add(
          new CircuitScore(size, least, alone, without, ends.share(alone), ends.share(without)));
    }
    return scores;
  }

  /** The runs that {@link #curve} makes. */
  public List<CircuitAblation> curveRuns(List<NodeEffect> ranked, int... sizes) {
    List<CircuitNode> nodes = ranked.stream().map(NodeEffect::node).toList();
    List<CircuitAblation> runs = new ArrayList<>();
    runs.add(space.alone("nothing", List.of()));
    for (int size : sizes) {
      List<CircuitNode> circuit = nodes.subList(0, size);
      if (size > 0 && !space.isWhole(circuit)) {
        runs.add(space.alone(size + " nodes alone", circuit));
        runs.add(space.without("without " + size + " nodes", circuit));
      }
    }
    return runs;
  }

  /**
   * What a circuit loses of its faithfulness without each of its nodes, in the order given: the
   * more it is for every node, the more minimal is the circuit.
   *
   * @return one number for each node, then the faithfulness of the circuit itself
   */
  public double[] minimality(Collection<CircuitNode> circuit) {
    List<CircuitNode> nodes = List.copyOf(circuit);
    Sweep sweep = sweep(minimalityRuns(nodes));
    Ends ends = ends(sweep);
    double whole = ends.share(metric(sweep, 1));
    double[] lost = new double[nodes.size() + 1];
    for (int i = 0; i < nodes.size(); i++) {
      lost[i] = whole - ends.share(metric(sweep, i + 2));
    }
    lost[nodes.size()] = whole;
    return lost;
  }

  /** The runs that {@link #minimality} makes. */
  public List<CircuitAblation> minimalityRuns(Collection<CircuitNode> circuit) {
    List<CircuitAblation> runs = new ArrayList<>();
    runs.add(space.alone("nothing", List.of()));
    runs.add(space.alone("the circuit", circuit));
    for (CircuitNode node : circuit) {
      List<CircuitNode> rest = circuit.stream().filter(other -> !other.equals(node)).toList();
      runs.add(space.alone("the circuit without " + node, rest));
    }
    return runs;
  }

  private Sweep sweep(List<CircuitAblation> runs) {
    return Sweep.run(model, batch, metric, runs, List.of(), budget, progress);
  }

  private static double metric(Sweep sweep, int run) {
    return mean(sweep.clean()) + sweep.rows().get(run).mean();
  }

  private static Ends ends(Sweep sweep) {
    Ends ends = new Ends(mean(sweep.clean()), metric(sweep, 0));
    if (Math.abs(ends.all - ends.nothing) < 1e-6 * Math.max(1, Math.abs(ends.all))) {
      throw new ZlensException(
          Kind.RUNTIME,
          String.format(
              Locale.ROOT,
              "the %s is %.4g with all nodes and without any, so no circuit is a share of it",
              sweep.metric(),
              ends.all),
          "take more layers or places, or another metric");
    }
    return ends;
  }

  private static double mean(double[] numbers) {
    return Arrays.stream(numbers).average().orElseThrow();
  }
}
