package org.zlens.dsl.command.builtin;

import java.util.List;
import java.util.Optional;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.session.GraphValue;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.TreeValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.attribute.graph.AttributionGraph;
import org.zlens.engine.attribute.graph.GraphPruning;

/** {@code graph}: an attribution with each number once, as large as one wants it. */
public final class GraphCommand implements Command {
  private static final Parameter<Double> NODES =
      Parameter.after(
              "nodes", "share", Types.positive(), "keep the fewest nodes with this share of all")
          .orElse(1.0);

  private static final Parameter<Double> EDGES =
      Parameter.after(
              "edges", "share", Types.positive(), "keep the fewest edges with this share of all")
          .orElse(1.0);

  private static final Signature SIGNATURE =
      Signature.verb("graph", Group.ATTRIBUTE, "make a graph of an attribution, and prune it")
          .details(
              """
              A tree names a feature wherever it is met; a graph has it once. Each row is an edge: \
              what one number adds to another, and its influence, the part of the root that goes \
              through it over all paths, sizes taken. 'nodes 0.8 edges 0.98' prunes as \
              circuit-tracer does. Saved as .json a graph opens in circuit-tracer's front ends, as \
              .graphml in most programs for graphs.""")
          .parameters(NODES, EDGES)
          .input(ValueKind.TREE, ValueKind.GRAPH)
          .result(ValueKind.GRAPH)
          .pure()
          .example(
              """
              model sprig
              dataset ioi n 4
              let strongest = features L2 at S2 top 1
              rdfa strongest.feature at S2 depth 2 width 2 | graph nodes 0.8 edges 0.98""",
              "what matters most")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    requireShare(arguments, NODES);
    requireShare(arguments, EDGES);
  }

  private static void requireShare(Arguments arguments, Parameter<Double> parameter) {
    if (arguments.isKnown(parameter) && arguments.get(parameter) > 1) {
      throw arguments.fault(
          parameter, Kind.USAGE, "a share is at most 1", "circuit-tracer's are 0.8 and 0.98");
    }
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    check(arguments, session.forecast());
    GraphValue value = of(arguments.input());
    double nodes = arguments.get(NODES);
    double edges = arguments.get(EDGES);
    AttributionGraph whole = value.graph();
    AttributionGraph pruned = nodes < 1 || edges < 1 ? GraphPruning.of(whole, nodes, edges) : whole;
    GraphValue smaller = new GraphValue(pruned, value.text(), value.unit(), value.notes());
    return pruned == whole
        ? smaller
        : smaller.withNotes(
            List.of(
                "kept "
                    + pruned.nodes().size()
                    + " of "
                    + whole.nodes().size()
                    + " nodes and "
                    + pruned.edges().size()
                    + " of "
                    + whole.edges().size()
                    + " edges"));
  }

  private static GraphValue of(Value value) {
    Optional<GraphValue> graph =
        value instanceof TreeValue tree ? tree.graph() : Optional.of((GraphValue) value);
    return graph.orElseThrow(
        () ->
            new ZlensException(
                Kind.TYPE, "this tree is no attribution", "rdfa FEATURE ... | graph"));
  }
}
