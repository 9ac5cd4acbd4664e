package org.zlens.engine.attribute.audit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.zlens.engine.attribute.AttributionTree;
import org.zlens.engine.attribute.CleanRun;
import org.zlens.engine.attribute.Explained;
import org.zlens.engine.attribute.MeanTree;
import org.zlens.engine.attribute.graph.AttributionGraph;
import org.zlens.engine.attribute.graph.GraphEdge;
import org.zlens.engine.attribute.graph.GraphNode;
import org.zlens.engine.attribute.graph.TreeGraph;
import org.zlens.engine.intervene.Batch;
import org.zlens.engine.runtime.Progress;

/**
 * The audit of a mean of trees: what the trees of the prompts measure, each in its own prompt, as a
 * mean over all of them, nothing where a prompt lacks the part, as the estimates are means. So
 * where estimates err to one side in some prompts and to the other in others, the mean may agree.
 */
public final class MeanAudit implements MeasuredTree {
  private final CleanRun run;
  private final Batch batch;
  private final MeanTree mean;
  private final AttributionGraph graph;
  private final long budget;
  private final Map<Explained, AuditedEdge> rows = new IdentityHashMap<>();
  private final Map<List<GraphNode>, Double> sums = new HashMap<>();
  private int done;

  /**
   * An audit of a mean; nothing is measured yet.
   *
   * @param run the run that the trees were made in
   * @param batch its prompts
   * @param graph the mean tree's graph
   * @param budget most bytes for values of passes
   */
  public MeanAudit(CleanRun run, Batch batch, MeanTree mean, AttributionGraph graph, long budget) {
    this.run = run;
    this.batch = batch;
    this.mean = mean;
    this.graph = graph;
    this.budget = budget;
  }

  /**
   * Measures the trees of all prompts.
   *
   * @param progress hears how many prompts are done, and more often; where it ends the audit, the
   *     parts that only the prompts until then have are measured
   */
  public void run(Progress progress) {
    Set<List<GraphNode>> wanted = new HashSet<>();
    graph.edges().forEach(edge -> wanted.add(List.of(edge.from(), edge.to())));
    for (AttributionTree tree : mean.trees()) {
      // What the mean has may be too little to be shown of one prompt.
      AttributionGraph whole = TreeGraph.of(graph.what(), tree, 0);
      List<GraphEdge> edges =
          whole.edges().stream().filter(edge -> wanted.contains(ends(tree, edge))).toList();
      AttributionGraph own =
          new AttributionGraph(whole.what(), whole.roots(), whole.nodes(), edges);
      TreeAudit audit = new TreeAudit(run, batch, tree, own, budget);
      audit.run((some, all) -> progress.step(done, mean.prompts()));
      rows.putAll(audit.rows());
      audit
          .graph()
          .edges()
          .forEach(edge -> sums.merge(ends(tree, edge), edge.exact(), Double::sum));
      done++;
    }
    progress.step(done, mean.prompts());
  }

  private List<GraphNode> ends(AttributionTree tree, GraphEdge edge) {
    return List.of(placed(tree, edge.from()), placed(tree, edge.to()));
  }

  private GraphNode placed(AttributionTree tree, GraphNode node) {
    int position = node.position();
    int place = position < 0 ? position : mean.places().place(tree.prompt(), position);
    return new GraphNode(node.part(), node.layer(), node.index(), place);
  }

  /** Number of prompts whose trees were measured. */
  public int done() {
    return done;
  }

  @Override
  public Optional<AuditedEdge> of(Explained part) {
    List<MeanTree.Member> members = mean.members().getOrDefault(part.row(), List.of());
    List<AuditedEdge> each = new ArrayList<>();
    GraphNode to = null;
    for (MeanTree.Member member : members) {
      AuditedEdge edge = rows.get(member.number());
      if (edge == null) {
        return Optional.empty();
      }
      each.add(edge);
      to = placed(member.tree(), edge.edge().to());
    }
    if (each.isEmpty()) {
      return Optional.empty();
    }
    int count = mean.prompts();
    double exact = each.stream().mapToDouble(AuditedEdge::exact).sum() / count;
    double direct = each.stream().mapToDouble(AuditedEdge::direct).sum() / count;
    double size = each.stream().mapToDouble(AuditedEdge::size).sum() / count;
    double estimate = part.row().contribution();
    GraphEdge edge = new GraphEdge(GraphNode.of(part.row()), to, estimate, exact);
    return Optional.of(new AuditedEdge(edge, direct, exact, size));
  }

  @Override
  public AttributionGraph graph() {
    List<GraphEdge> edges = new ArrayList<>();
    for (GraphEdge edge : graph.edges()) {
      double sum = sums.getOrDefault(List.of(edge.from(), edge.to()), Double.NaN);
      // Until all prompts are measured, nobody knows whether another has the edge.
      double exact = done < mean.prompts() ? Double.NaN : sum / mean.prompts();
      edges.add(new GraphEdge(edge.from(), edge.to(), edge.contribution(), exact));
    }
    return new AttributionGraph(graph.what(), graph.roots(), graph.nodes(), edges);
  }
}
