package org.zlens.engine.attribute.audit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.zlens.engine.attribute.AttributionTree;
import org.zlens.engine.attribute.CleanRun;
import org.zlens.engine.attribute.Explained;
import org.zlens.engine.attribute.PassNumber;
import org.zlens.engine.attribute.graph.AttributionGraph;
import org.zlens.engine.attribute.graph.GraphEdge;
import org.zlens.engine.attribute.graph.GraphNode;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.plan.PlannedRemovals;
import org.zlens.engine.runtime.Progress;

/**
 * The audit of a tree and of its graph. In the tree each followed part of the stream is measured
 * against the nearest number above it that does not pass on, in the graph each edge; both together,
 * so that each parent is removed once.
 *
 * <p>A source position is no part of the stream and is not measured.
 */
public final class TreeAudit implements MeasuredTree {
  private final AttributionGraph graph;
  private final EdgeAudit audit;
  private final List<EdgeAudit.Claim> claims = new ArrayList<>();
  private final Map<Explained, Integer> rows = new IdentityHashMap<>();
  private final Set<List<Explained.Split>> walked =
      Collections.newSetFromMap(new IdentityHashMap<>());
  private final int fromGraph;

  /**
   * An audit of a tree; nothing is measured yet.
   *
   * @param run the run that the tree was made in
   * @param batch its prompts
   * @param graph the tree's graph
   * @param budget most bytes for values of passes
   */
  public TreeAudit(
      CleanRun run, Batch batch, AttributionTree tree, AttributionGraph graph, long budget) {
    this.graph = graph;
    GraphNode root = GraphNode.of(tree.root().row());
    walk(tree.root(), root, true);
    fromGraph = claims.size();
    // Ways through others may add up to an edge, whose estimate then is not of one reading.
    graph.edges().forEach(edge -> claims.add(new EdgeAudit.Claim(edge, false)));
    PassNumber what = PassNumber.of(run, tree.prompt(), tree.position(), tree.what());
    audit = new EdgeAudit(run, batch, tree.prompt(), claims, Map.of(root, what), budget);
  }

  /**
   * Collects the rows below a number.
   *
   * @param to the nearest number that does not pass on
   * @param isDirect whether nothing but sources lies between
   */
  private void walk(Explained number, GraphNode to, boolean isDirect) {
    if (!walked.add(number.splits())) {
      return;
    }
    for (Explained.Split split : number.splits()) {
      for (Explained part : split.followed()) {
        GraphNode from = GraphNode.of(part.row());
        switch (part.row().part()) {
          case SOURCE -> walk(part, to, isDirect);
          default -> {
            rows.put(part, claims.size());
            GraphEdge edge = new GraphEdge(from, to, part.row().contribution());
            claims.add(new EdgeAudit.Claim(edge, isDirect));
            walk(part, part.passesOn() ? to : from, !part.passesOn());
          }
        }
      }
    }
  }

  /**
   * Measures everything.
   *
   * @param progress hears how many removals of all are done; where it ends the audit, what was done
   *     until then stays
   */
  public void run(Progress progress) {
    audit.run(progress);
  }

  /** What {@link #run} would do; nothing is measured. */
  public PlannedRemovals.Work work() {
    return audit.work();
  }

  /** The rows of the tree that were measured, by themselves and not by what they are equal to. */
  Map<Explained, AuditedEdge> rows() {
    Map<Explained, AuditedEdge> measured = new IdentityHashMap<>();
    rows.forEach(
        (part, number) -> audit.measured(number).ifPresent(edge -> measured.put(part, edge)));
    return measured;
  }

  @Override
  public Optional<AuditedEdge> of(Explained part) {
    Integer number = rows.get(part);
    return number == null ? Optional.empty() : audit.measured(number);
  }

  /** Number of edges of tree and graph that can be measured. */
  public int measurable() {
    return audit.measurable();
  }

  /** Number of those that were. */
  public int done() {
    int done = 0;
    for (int i = 0; i < claims.size(); i++) {
      done += audit.measured(i).isPresent() ? 1 : 0;
    }
    return done;
  }

  @Override
  public AttributionGraph graph() {
    List<GraphEdge> edges = new ArrayList<>();
    for (int i = 0; i < graph.edges().size(); i++) {
      GraphEdge edge = graph.edges().get(i);
      edges.add(audit.measured(fromGraph + i).map(AuditedEdge::edge).orElse(edge));
    }
    return new AttributionGraph(graph.what(), graph.roots(), graph.nodes(), edges);
  }
}
