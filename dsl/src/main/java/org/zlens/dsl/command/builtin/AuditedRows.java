package org.zlens.dsl.command.builtin;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.zlens.dsl.session.Tone;
import org.zlens.engine.attribute.Explained;
import org.zlens.engine.attribute.audit.AuditSummary;
import org.zlens.engine.attribute.audit.AuditedEdge;
import org.zlens.engine.attribute.audit.MeasuredTree;
import org.zlens.engine.attribute.audit.Trust;

/** What an audit has to say below and beside the rows of a tree. */
record AuditedRows(MeasuredTree audit) implements TreeColumns {
  @Override
  public void add(Map<String, Object> cells, Explained row) {
    audit
        .of(row)
        .ifPresent(
            edge -> {
              cells.put("exact", edge.exact());
              cells.put("gap", edge.gap());
              cells.put("trust", tone(edge));
              cells.put("direct", Double.isNaN(edge.direct()) ? null : edge.direct());
            });
  }

  private static Tone tone(AuditedEdge edge) {
    return switch (edge.trust()) {
      case GOOD -> Tone.GOOD;
      case DOUBTFUL -> Tone.DOUBTFUL;
      case WRONG -> Tone.WRONG;
    };
  }

  @Override
  public List<String> notes(String root) {
    return List.of(
        "exact is what the number above loses when the part is taken out of the model, direct"
            + " when it is taken out of what the number's own layer reads");
  }

  @Override
  public List<String> findings(String root) {
    AuditSummary summary = audit.summary();
    return List.of(
        String.format(
            Locale.ROOT,
            "audit: of %d edges between numbers %d agree within 20 %%, %d are doubtful and %d"
                + " wrong",
            summary.edges(),
            summary.count().get(Trust.GOOD),
            summary.count().get(Trust.DOUBTFUL),
            summary.count().get(Trust.WRONG)),
        String.format(
            Locale.ROOT,
            "edges that agree explain %.1f %% of %s, of %.1f %% that was measured; paths of such"
                + " edges alone, to where the tree ends, %.1f %%",
            100 * summary.agreeing(),
            root,
            100 * summary.measured(),
            100 * summary.byPaths()));
  }
}
