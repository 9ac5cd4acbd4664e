package org.zlens.dsl.command.builtin;

import java.util.List;
import java.util.Locale;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.engine.Estimate;
import org.zlens.dsl.command.engine.Planned;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.engine.attribute.circuit.NodeEffect;
import org.zlens.engine.intervene.CircuitAblation;

/** {@code circuit minimality}: what a circuit loses without each of its nodes. */
public final class CircuitMinimalityCommand implements Command, Planned {
  private static final Signature SIGNATURE =
      Signature.verb(
              "circuit minimality",
              Group.ATTRIBUTE,
              "measure what a circuit loses without each of its nodes")
          .details(
              """
              The model runs with the circuit alone, and again without each node of it: a row tells what the faithfulness loses, which is little where the circuit could do without the node. All of it is measured, nothing estimated. \
              """
                  + CircuitWork.DETAILS)
          .parameters(
              CircuitWork.LAYERS,
              SaeAt.RESIDUAL,
              CircuitWork.AT,
              CircuitWork.ABSENT,
              CircuitWork.THRESHOLD,
              CircuitWork.MOST,
              CircuitWork.STEPS,
              CircuitWork.TOGETHER)
          .result(ValueKind.TABLE)
          .pure()
          .example(
              "model sprig\ndataset ioi n 4\ncircuit minimality L2..L3 at S2 END most 5",
              "whether the five largest nodes are all needed")
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
    CircuitWork work = CircuitWork.of(arguments, session, "circuit minimality");
    String unit = work.bench().metricChoice().unit();
    double[] lost = work.scores("circuit minimality").minimality(work.nodes());
    Rows rows = new Rows("what the circuit of " + work.title() + " loses without each node");
    for (int i = 0; i < work.circuit().size(); i++) {
      NodeEffect one = work.circuit().get(i);
      rows.text("node", work.name(one.node()))
          .text("place", work.place(one.node()))
          .number("contribution", one.contribution(), unit)
          .number("loss", lost[i], "faithfulness");
    }
    return rows.note(work.bench().metricNote())
        .note(work.note())
        .note(
            String.format(
                Locale.ROOT, "faithfulness of the circuit: %.4g", lost[work.circuit().size()]))
        .table();
  }

  @Override
  public Estimate estimate(Arguments arguments, Session session) {
    CircuitWork work = CircuitWork.of(arguments, session, "explain");
    List<CircuitAblation> runs = work.scores("explain").minimalityRuns(work.nodes());
    return CircuitWork.estimate(arguments, session)
        .of("nodes")
        .then(work.bench().sweepEstimate(runs).of("runs"));
  }
}
