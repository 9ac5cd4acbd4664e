package org.zlens.dsl.command.engine;

import java.util.List;
import org.zlens.dsl.session.ProvenanceInput;
import org.zlens.dsl.session.SessionObject;

/** The metric that the user chose. */
public record CurrentMetric(MetricChoice choice) implements SessionObject {
  @Override
  public List<ProvenanceInput> inputs() {
    return List.of(new ProvenanceInput("metric", choice.word(), choice.says()));
  }
}
