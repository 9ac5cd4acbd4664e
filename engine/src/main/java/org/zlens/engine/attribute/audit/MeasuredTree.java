package org.zlens.engine.attribute.audit;

import java.util.Optional;
import org.zlens.engine.attribute.Explained;
import org.zlens.engine.attribute.graph.AttributionGraph;

/** What an audit found of the rows of a tree and of the edges of its graph. */
public sealed interface MeasuredTree permits MeanAudit, TreeAudit {
  /** What was measured of a row of the tree; empty where nothing was. */
  Optional<AuditedEdge> of(Explained part);

  /** The graph with the exact effect at each edge that was measured. */
  AttributionGraph graph();

  /** What can be trusted of it. */
  default AuditSummary summary() {
    return AuditSummary.of(graph());
  }
}
