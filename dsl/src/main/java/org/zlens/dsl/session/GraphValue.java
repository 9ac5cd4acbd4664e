package org.zlens.dsl.session;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.zlens.engine.attribute.audit.AuditSummary;
import org.zlens.engine.attribute.graph.AttributionGraph;
import org.zlens.engine.attribute.graph.GraphEdge;
import org.zlens.engine.attribute.graph.GraphInfluence;
import org.zlens.engine.attribute.graph.GraphText;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Numbers of a pass and what they add to each other.
 *
 * @param text what it is of, without how it came to be
 * @param unit of the contributions
 * @param notes sentences to show below
 */
public record GraphValue(AttributionGraph graph, GraphText text, String unit, List<String> notes)
    implements Value {
  /** Keeps the notes from changing. */
  public GraphValue {
    notes = List.copyOf(notes);
  }

  /** The same graph with more notes. */
  public GraphValue withNotes(List<String> more) {
    List<String> all = new ArrayList<>(notes);
    all.addAll(more);
    return new GraphValue(graph, text, unit, all);
  }

  @Override
  public ValueKind kind() {
    return ValueKind.GRAPH;
  }

  /** One row an edge, with the influence on the roots that goes through it. */
  public TableValue table() {
    StringColumn from = StringColumn.create("from");
    StringColumn fromPlace = StringColumn.create("from place");
    StringColumn to = StringColumn.create("to");
    StringColumn toPlace = StringColumn.create("to place");
    DoubleColumn activation = DoubleColumn.create("activation");
    DoubleColumn contribution = DoubleColumn.create("contribution");
    DoubleColumn exact = DoubleColumn.create("exact");
    StringColumn trust = StringColumn.create("trust");
    DoubleColumn influence = DoubleColumn.create("influence");
    GraphInfluence weighed = GraphInfluence.of(graph);
    for (GraphEdge edge : graph.edges()) {
      from.append(edge.from().name());
      fromPlace.append(text.place(edge.from()));
      to.append(edge.to().name());
      toPlace.append(text.place(edge.to()));
      append(activation, graph.facts(edge.from()).activation());
      contribution.append(edge.contribution());
      append(exact, edge.exact());
      trust.append(Double.isNaN(edge.exact()) ? "" : AuditSummary.trust(graph, edge).label());
      influence.append(weighed.ofEdge(edge));
    }
    Table table =
        Table.create(graph.what(), from, fromPlace, to, toPlace, activation, contribution);
    Map<String, String> units = new LinkedHashMap<>(Map.of("contribution", unit));
    if (exact.size() > exact.countMissing()) {
      table.addColumns(exact, trust);
      units.put("exact", unit);
    }
    table.addColumns(influence);
    return new TableValue(table, units, notes);
  }

  private static void append(DoubleColumn column, double value) {
    if (Double.isNaN(value)) {
      column.appendMissing();
    } else {
      column.append(value);
    }
  }
}
