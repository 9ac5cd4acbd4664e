package org.zlens.engine.attribute.audit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.attribute.CleanRun;
import org.zlens.engine.attribute.Frozen;
import org.zlens.engine.attribute.PartVector;
import org.zlens.engine.attribute.PassNumber;
import org.zlens.engine.attribute.graph.GraphEdge;
import org.zlens.engine.attribute.graph.GraphNode;
import org.zlens.engine.hook.Location;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.plan.PlannedRemovals;
import org.zlens.engine.plan.Removal;
import org.zlens.engine.runtime.Progress;
import org.zlens.engine.runtime.Scope;
import org.zlens.engine.runtime.Tensor;

/**
 * Measures the edges of an attribution: what each child loses when the parent is removed, beside
 * what the linear attribution says that the parent contributes.
 *
 * <p>To remove a parent is to take the vector that it is in the residual stream away where it comes
 * into it ({@link PartVector}): of a feature its activation times its decoder direction, so that it
 * is as if the feature had been zero and the SAE's error had stayed; of a component, a head, an
 * error or a bias what it writes. The child is read where its SAE reads, or at its logit. Three
 * answers exist:
 *
 * <ol>
 *   <li><i>frozen</i>: patterns, norm scales and all else of the clean run held fixed. That is the
 *       linear estimate by another way, and is worked out to check it: an estimate that differs is
 *       an error of kind BUG. An estimate of what comes by way of a head or an MLP in between,
 *       whose own reading was held fixed too, is not that, and has no direct effect either.
 *   <li><i>direct</i>: the parent is missing from what the child's layer reads at the parent's
 *       position; that layer's norm, queries, keys, values and pattern, and the norm of an SAE that
 *       has one, are worked out again. Other layers do not see that anything is missing.
 *   <li><i>exact</i>: the parent is missing in the model, and everything after it is worked out
 *       again.
 * </ol>
 *
 * <p>Each parent is removed once for all of its children, many parents in one pass ({@link
 * PlannedRemovals}). Edges from what is no part of the stream, such as the constant of an SAE or a
 * bias of the child's own values, are not measured: those are exact by what they are. Nor are edges
 * to what is not one number of the pass.
 */
public final class EdgeAudit {
  /** Estimates may be off by so much of the products that they are sums of. */
  private static final double ROUNDING = 2e-5;

  private static final int AT_ONCE = 2048;

  private final CleanRun run;
  private final Batch batch;
  private final int row;
  private final List<Claim> edges;
  private final Map<GraphNode, PassNumber> known;
  private final long budget;
  private final Map<GraphNode, Child> children = new LinkedHashMap<>();
  private final double[] direct;
  private final double[] exact;
  private final List<Pending> pending = new ArrayList<>();

  /**
   * An edge to measure.
   *
   * @param isDirect whether the contribution is what the child's layer reads of the parent itself,
   *     by no way through others
   */
  public record Claim(GraphEdge edge, boolean isDirect) {}

  /** A child with the edges that lead to it. */
  private record Child(PassNumber number, double clean, List<Incoming> incoming) {}

  /** An edge, by its number, and what its parent is in the stream. */
  private record Incoming(int edge, PartVector parent) {}

  /** Where a parent is taken away: where it comes in, or where a layer reads it. */
  private record Place(GraphNode parent, Location location) {}

  /** The measurements that one read of a removal is for. */
  private record Wanted(Child child, int edge, boolean direct, boolean exact) {}

  /** A vector that was read and not yet made a number of. */
  private record Pending(Wanted wanted, float[] vector) {}

  private static final class Lane {
    private final float[] vector;
    private final Map<Removal.Read, List<Wanted>> reads = new LinkedHashMap<>();

    private Lane(float[] vector) {
      this.vector = vector;
    }
  }

  /**
   * An audit of edges in a run; nothing is measured yet.
   *
   * @param batch the prompts of the run
   * @param row the prompt in which the edges are
   * @param known numbers that a node does not tell all of, such as a difference of two logits
   * @param budget most bytes for values of passes, model, SAEs and clean run apart
   * @throws ZlensException of kind BUG if a contribution is not what its parent adds with
   *     everything held fixed
   */
  public EdgeAudit(
      CleanRun run,
      Batch batch,
      int row,
      List<Claim> edges,
      Map<GraphNode, PassNumber> known,
      long budget) {
    this.run = run;
    this.batch = batch;
    this.row = row;
    this.edges = List.copyOf(edges);
    this.known = Map.copyOf(known);
    this.budget = budget;
    this.direct = new double[edges.size()];
    this.exact = new double[edges.size()];
    Arrays.fill(direct, Double.NaN);
    Arrays.fill(exact, Double.NaN);
    for (int i = 0; i < edges.size(); i++) {
      add(i, edges.get(i).edge);
    }
    children.values().forEach(this::check);
  }

  private void add(int number, GraphEdge edge) {
    GraphNode to = edge.to();
    GraphNode from = edge.from();
    if (from.position() < 0 || to.position() < 0) {
      return;
    }
    Child child = children.get(to);
    if (child == null) {
      Optional<PassNumber> found =
          known.containsKey(to)
              ? Optional.of(known.get(to))
              : PassNumber.of(run, row, to.position(), to.part(), to.layer(), to.index());
      if (found.isEmpty()) {
        return;
      }
      child = new Child(found.get(), found.get().clean(), new ArrayList<>());
      children.put(to, child);
    }
    Optional<PartVector> parent =
        PartVector.of(run, row, from.position(), from.part(), from.layer(), from.index());
    if (parent.isPresent()) {
      child.incoming.add(new Incoming(number, parent.get()));
    }
  }

  private void check(Child child) {
    List<Incoming> checked =
        child.incoming.stream().filter(one -> edges.get(one.edge).isDirect).toList();
    if (checked.isEmpty()) {
      return;
    }
    int[] positions = new int[checked.size()];
    List<float[]> vectors = new ArrayList<>();
    for (int i = 0; i < positions.length; i++) {
      Incoming incoming = checked.get(i);
      positions[i] = edges.get(incoming.edge).edge.from().position();
      vectors.add(incoming.parent.vector());
    }
    try (Scope scope = Scope.open()) {
      Frozen frozen = child.number.frozen(positions, rows(vectors));
      for (int i = 0; i < positions.length; i++) {
        GraphEdge edge = edges.get(checked.get(i).edge).edge;
        double size = Math.max(frozen.sizes()[i], Math.abs(child.clean));
        if (!(Math.abs(frozen.numbers()[i] - edge.contribution()) <= ROUNDING * size)) {
          throw new ZlensException(
              Kind.BUG,
              String.format(
                  Locale.ROOT,
                  "%s is said to contribute %.6g to %s, but with everything held fixed it adds"
                      + " %.6g",
                  edge.from(),
                  edge.contribution(),
                  edge.to(),
                  frozen.numbers()[i]),
              null);
        }
      }
    }
  }

  /**
   * Measures all of them.
   *
   * @param progress hears how many removals of all are done; where it ends the audit, {@link
   *     #measured} has what was done until then
   * @throws ZlensException of kind RUNTIME if the budget is too small for a single removal
   */
  public void run(Progress progress) {
    Map<Place, Lane> lanes = lanes();
    List<Lane> order = List.copyOf(lanes.values());
    try {
      removals(lanes).run(progress, (removal, vectors) -> take(order.get(removal), vectors));
    } finally {
      flush();
    }
  }

  /** What {@link #run} would do; nothing is measured. */
  public PlannedRemovals.Work work() {
    return removals(lanes()).work();
  }

  private Map<Place, Lane> lanes() {
    Map<Place, Lane> lanes = new LinkedHashMap<>();
    children.values().forEach(child -> child.incoming.forEach(one -> lanes(lanes, child, one)));
    return lanes;
  }

  private PlannedRemovals removals(Map<Place, Lane> lanes) {
    List<Removal> removals = new ArrayList<>();
    lanes.forEach(
        (place, lane) ->
            removals.add(
                new Removal(
                    place.location,
                    row,
                    place.parent.position(),
                    lane.vector,
                    List.copyOf(lane.reads.keySet()))));
    return new PlannedRemovals(run.model(), batch, run.activations(), removals, budget);
  }

  /** Where an edge is measured. */
  private void lanes(Map<Place, Lane> lanes, Child child, Incoming incoming) {
    PassNumber number = child.number;
    boolean nothing = true;
    for (float value : incoming.parent.vector()) {
      nothing &= value == 0;
    }
    if (nothing) {
      direct[incoming.edge] = edges.get(incoming.edge).isDirect ? 0 : Double.NaN;
      exact[incoming.edge] = 0;
      return;
    }
    Location written = incoming.parent.location();
    boolean isDirect = edges.get(incoming.edge).isDirect;
    boolean same = isDirect && written.equals(number.stream());
    boolean plain = isDirect && number.stream().equals(number.location());
    if (plain) {
      try (Scope scope = Scope.open()) {
        float[] vector = incoming.parent.vector();
        Tensor left = number.cleanVector().sub(Tensor.of(vector, vector.length)).unsqueeze(0);
        direct[incoming.edge] = child.clean - number.of(left)[0];
      }
    } else if (isDirect && !same) {
      want(lanes, child, incoming, number.stream(), new Wanted(child, incoming.edge, true, false));
    }
    if (same && plain) {
      exact[incoming.edge] = direct[incoming.edge];
    } else {
      want(lanes, child, incoming, written, new Wanted(child, incoming.edge, same, true));
    }
  }

  private void want(
      Map<Place, Lane> lanes, Child child, Incoming incoming, Location at, Wanted wanted) {
    GraphNode from = edges.get(incoming.edge).edge.from();
    lanes
        .computeIfAbsent(new Place(from, at), place -> new Lane(incoming.parent.vector()))
        .reads
        .computeIfAbsent(
            new Removal.Read(child.number.location(), child.number.position()),
            read -> new ArrayList<>())
        .add(wanted);
  }

  private void take(Lane lane, float[][] vectors) {
    int i = 0;
    for (List<Wanted> wanted : lane.reads.values()) {
      for (Wanted one : wanted) {
        pending.add(new Pending(one, vectors[i]));
      }
      i++;
    }
    if (pending.size() >= AT_ONCE) {
      flush();
    }
  }

  /** Makes numbers of the vectors that were read, those for a child together. */
  private void flush() {
    Map<Child, List<Pending>> byChild = new IdentityHashMap<>();
    pending.forEach(
        one -> byChild.computeIfAbsent(one.wanted.child, child -> new ArrayList<>()).add(one));
    pending.clear();
    byChild.forEach(
        (child, some) -> {
          try (Scope scope = Scope.open()) {
            double[] left = child.number.of(rows(some.stream().map(Pending::vector).toList()));
            for (int i = 0; i < left.length; i++) {
              Wanted wanted = some.get(i).wanted;
              if (wanted.direct) {
                direct[wanted.edge] = child.clean - left[i];
              }
              if (wanted.exact) {
                exact[wanted.edge] = child.clean - left[i];
              }
            }
          }
        });
  }

  private static Tensor rows(List<float[]> vectors) {
    int width = vectors.get(0).length;
    float[] all = new float[vectors.size() * width];
    for (int i = 0; i < vectors.size(); i++) {
      System.arraycopy(vectors.get(i), 0, all, i * width, width);
    }
    return Tensor.of(all, vectors.size(), width);
  }

  /** How many edges can be measured. */
  public int measurable() {
    return children.values().stream().mapToInt(child -> child.incoming.size()).sum();
  }

  /** What was measured, in the order of the edges; empty for those that were not. */
  public List<Optional<AuditedEdge>> measured() {
    return IntStream.range(0, edges.size()).mapToObj(this::measured).toList();
  }

  /** What was measured of an edge, by its number. */
  public Optional<AuditedEdge> measured(int number) {
    if (Double.isNaN(exact[number])) {
      return Optional.empty();
    }
    GraphEdge edge = edges.get(number).edge;
    GraphEdge known = new GraphEdge(edge.from(), edge.to(), edge.contribution(), exact[number]);
    double size = Math.abs(children.get(edge.to()).clean);
    return Optional.of(new AuditedEdge(known, direct[number], exact[number], size));
  }
}
