package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.Estimate;
import org.zlens.dsl.command.engine.Planned;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.GraphValue;
import org.zlens.dsl.session.NumberValue;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.engine.attribute.Part;
import org.zlens.engine.attribute.circuit.CircuitEdge;
import org.zlens.engine.attribute.circuit.CircuitNode;
import org.zlens.engine.attribute.circuit.CircuitScore;
import org.zlens.engine.attribute.circuit.NodeEffect;
import org.zlens.engine.attribute.graph.AttributionGraph;
import org.zlens.engine.attribute.graph.GraphEdge;
import org.zlens.engine.attribute.graph.GraphNode;
import org.zlens.engine.attribute.graph.GraphText;
import org.zlens.engine.attribute.graph.NodeFacts;
import org.zlens.engine.hook.Site;
import org.zlens.engine.intervene.CircuitAblation;
import org.zlens.engine.plan.Cost;
import org.zlens.engine.sae.Sae;

/** {@code circuit features}: a graph of the features and errors that a metric hangs on. */
public final class CircuitFeaturesCommand implements Command, Planned {
  private static final Parameter<Double> EDGES =
      Parameter.after(
              "edges",
              "contribution",
              Types.positive(),
              "least contribution of an edge to the metric, its sign apart")
          .orElse(0.02);

  private static final Signature SIGNATURE =
      Signature.verb(
              "circuit features",
              Group.ATTRIBUTE,
              "draw the circuit of features that a metric hangs on")
          .details(
              """
              A graph of the nodes of the circuit. An edge is what a node contributes to the metric through another, past no third node's site: what its edges to all nodes and to the metric add up to is its own contribution. Edges below their threshold are left out. \
              """
                  + CircuitWork.DETAILS)
          .parameters(
              CircuitWork.LAYERS,
              SaeAt.RESIDUAL,
              CircuitWork.AT,
              CircuitWork.ABSENT,
              CircuitWork.THRESHOLD,
              CircuitWork.MOST,
              EDGES,
              CircuitWork.STEPS,
              CircuitWork.TOGETHER)
          .result(ValueKind.GRAPH)
          .pure()
          .example(
              "model sprig\ndataset ioi n 4\ncircuit features L0..L3 at S1+1 S2 END threshold 0.2 edges 0.02",
              "the features that carry the answer and what they tell each other")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    CircuitWork.check(arguments, forecast);
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    CircuitWork work = CircuitWork.of(arguments, session, "circuit features");
    double least = arguments.get(EDGES);
    List<CircuitEdge> found = work.effects().edges(work.nodes());
    CircuitScore ends = work.scores("circuit features").curve(work.circuit(), 0).get(0);
    GraphNode metric = new GraphNode(Part.METRIC, -1, -1, -1);
    Map<GraphNode, NodeFacts> nodes = new LinkedHashMap<>();
    nodes.put(metric, new NodeFacts(-1, Double.NaN, ends.without() - ends.alone()));
    for (NodeEffect one : work.circuit()) {
      nodes.put(node(work, one.node()), new NodeFacts(-1, Double.NaN, one.contribution()));
    }
    List<GraphEdge> edges = new ArrayList<>();
    for (CircuitEdge edge : found) {
      if (Math.abs(edge.contribution()) >= least) {
        GraphNode to = edge.to() == null ? metric : node(work, edge.to());
        edges.add(new GraphEdge(node(work, edge.from()), to, edge.contribution()));
      }
    }
    Workbench bench = work.bench();
    String what = bench.metricChoice().word() + " by features of " + work.title();
    GraphText text =
        new GraphText(
            bench.model().name(),
            bench.model().config().layers(),
            bench.prompts().name(),
            work.space().alignment().names(),
            List.of());
    return new GraphValue(
        new AttributionGraph(what, List.of(metric), nodes, edges),
        text,
        bench.metricChoice().unit(),
        List.of(
            bench.metricNote(),
            work.note(),
            "edges that carry at least "
                + NumberValue.format(least)
                + ": "
                + edges.size()
                + " of "
                + found.size()));
  }

  private static GraphNode node(CircuitWork work, CircuitNode node) {
    Sae sae = work.space().saes().get(node.sae());
    boolean residual = sae.location().site() == Site.RESID_PRE;
    Part part =
        node.isError()
            ? residual ? Part.RESIDUAL_ERROR : Part.SAE_ERROR
            : residual ? Part.RESIDUAL_FEATURE : Part.ATTENTION_FEATURE;
    return new GraphNode(part, sae.location().layer(), node.feature(), node.place());
  }

  @Override
  public Estimate estimate(Arguments arguments, Session session) {
    CircuitWork work = CircuitWork.of(arguments, session, "explain");
    List<CircuitAblation> runs = work.scores("explain").curveRuns(work.circuit(), 0);
    Estimate nodes = CircuitWork.estimate(arguments, session);
    // Edges take one way back for each node, over the part of the model between two sites.
    Cost ways = nodes.cost().times((double) work.circuit().size() / work.layers());
    return nodes
        .of("nodes")
        .then(nodes.with(ways).of("edges"))
        .then(work.bench().sweepEstimate(runs).of("ends"));
  }
}
