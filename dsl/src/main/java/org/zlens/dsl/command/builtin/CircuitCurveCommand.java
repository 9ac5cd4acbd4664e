package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.List;
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
import org.zlens.engine.attribute.circuit.CircuitScore;
import org.zlens.engine.intervene.CircuitAblation;

/** {@code circuit curve}: how much of a metric circuits of growing size are. */
public final class CircuitCurveCommand implements Command, Planned {
  private static final Signature SIGNATURE =
      Signature.verb(
              "circuit curve",
              Group.ATTRIBUTE,
              "measure how much of a metric circuits of growing size are")
          .details(
              """
              The model runs with the first nodes of the circuit alone and without them, for 0, 1, 2, 4 and so on up to all of them. Faithfulness is (m(circuit) - m(nothing)) / (m(model) - m(nothing)), completeness the same of the model without the circuit: it nears 0 when nothing of importance is left out. All of it is measured, nothing estimated. \
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
              "model sprig\ndataset ioi n 4\ncircuit curve L0..L3 threshold 0.05 most 16",
              "how few nodes do most of it")
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
    CircuitWork work = CircuitWork.of(arguments, session, "circuit curve");
    String unit = work.bench().metricChoice().unit();
    Rows rows = new Rows("circuits of " + work.title());
    for (CircuitScore score :
        work.scores("circuit curve").curve(work.circuit(), sizes(work.circuit().size()))) {
      rows.whole("nodes", score.nodes())
          .number("threshold", score.least(), unit)
          .number("alone", score.alone(), unit)
          .number("without", score.without(), unit)
          .number("faithfulness", score.faithfulness(), "")
          .number("completeness", score.completeness(), "");
    }
    return rows.note(work.bench().metricNote())
        .note(work.note())
        .note("alone: with every other node absent; without: with these nodes absent")
        .table();
  }

  private static int[] sizes(int most) {
    List<Integer> sizes = new ArrayList<>(List.of(0));
    for (int size = 1; size < most; size *= 2) {
      sizes.add(size);
    }
    sizes.add(most);
    return sizes.stream().mapToInt(Integer::intValue).toArray();
  }

  @Override
  public Estimate estimate(Arguments arguments, Session session) {
    CircuitWork work = CircuitWork.of(arguments, session, "explain");
    List<CircuitAblation> runs =
        work.scores("explain").curveRuns(work.circuit(), sizes(work.circuit().size()));
    return CircuitWork.estimate(arguments, session)
        .of("nodes")
        .then(work.bench().sweepEstimate(runs).of("runs"));
  }
}
