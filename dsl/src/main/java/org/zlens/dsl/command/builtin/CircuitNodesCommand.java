package org.zlens.dsl.command.builtin;

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

/** {@code circuit nodes}: the features and errors that a metric hangs on. */
public final class CircuitNodesCommand implements Command, Planned {
  private static final Signature SIGNATURE =
      Signature.verb(
              "circuit nodes",
              Group.ATTRIBUTE,
              "list the features and errors that a metric hangs on")
          .details(
              """
              A row for each node of the circuit, the largest contributions first. \
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
              "model sprig\ndataset ioi n 8\ncircuit nodes L0..L3 at S2 END threshold 0.2",
              "which features carry the answer, and where")
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
    CircuitWork work = CircuitWork.of(arguments, session, "circuit nodes");
    String unit = work.bench().metricChoice().unit();
    Rows rows = new Rows("circuit nodes of " + work.title());
    for (NodeEffect one : work.circuit()) {
      rows.text("node", work.name(one.node()))
          .text("place", work.place(one.node()))
          .number("contribution", one.contribution(), unit)
          .number("spread", one.spread(), unit)
          .whole("prompts", one.prompts());
    }
    return rows.note(work.bench().metricNote())
        .note(work.note())
        .note("spread: standard deviation of the contribution over the prompts")
        .table();
  }

  @Override
  public Estimate estimate(Arguments arguments, Session session) {
    return CircuitWork.estimate(arguments, session);
  }
}
