package org.zlens.dsl.command.builtin;

import java.util.List;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.EngineFacts;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Address;
import org.zlens.engine.measure.Replacement;
import org.zlens.engine.measure.SaeEvaluation;
import org.zlens.engine.measure.SaeStatistics;
import org.zlens.engine.sae.Sae;

/** {@code evaluate sae}: how good SAEs are, in the layout of the paper's Table 1. */
public final class EvaluateSaeCommand implements Command {
  private static final double RARE = 1e-5;
  private static final double VERY_RARE = 1e-6;

  private static final Parameter<List<Address.Layer>> LAYERS =
      Parameter.of("layer", Types.LAYER, "the layers whose SAEs are measured").many();

  private static final Signature SIGNATURE =
      Signature.verb("evaluate sae", Group.MEASURE, "measure how good SAEs are, on the prompts")
          .details(
              """
              All positions count, the first included. 'recovered' is the share of the loss that \
              zeroing the site adds which the reconstruction wins back (the paper's equation 4); \
              'from mean' is the same with the site's mean over the prompts in place of zero. \
              'divergence' is that of the spliced from the clean predictions. 'explained' is the \
              pooled explained variance: one less the squared error over the squared distance from \
              the mean. 'rare' and 'very rare' count the features that fire on at most 1e-5 and \
              1e-6 of the tokens, those that never do included; fewer tokens than that cannot tell \
              the two apart.""")
          .parameters(LAYERS, SaeAt.RESIDUAL)
          .result(ValueKind.TABLE)
          .example(
              "model sprig; dataset ioi n 20; evaluate sae L1 L2",
              "two attention SAEs side by side")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    EngineFacts.requirePrompts(forecast);
    SaeAt.checkAll(arguments, LAYERS, forecast);
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    List<Sae> saes =
        arguments.get(LAYERS).stream()
            .distinct()
            .map(layer -> SaeAt.of(bench, arguments, layer))
            .toList();
    List<SaeStatistics> all =
        new SaeEvaluation(bench.transformer(), saes)
            .run(bench.batches(), bench.batchCount(), bench.progress("evaluate sae"));
    Rows rows = new Rows("SAEs on " + bench.prompts().name());
    for (SaeStatistics one : all) {
      rows.text("site", one.site())
          .whole("features", one.features())
          .number("L0", one.activeFeatures(), "features")
          .number("recovered", 100 * one.lossRecovered(), "%")
          .number("from mean", 100 * one.lossRecoveredFromMean(), "%")
          .number("clean", one.loss(Replacement.NONE).meanLoss(), "nats")
          .number("spliced", one.loss(Replacement.RECONSTRUCTION).meanLoss(), "nats")
          .number("zero", one.loss(Replacement.ZERO).meanLoss(), "nats")
          .number("mean", one.loss(Replacement.MEAN).meanLoss(), "nats")
          .number("divergence", one.loss(Replacement.RECONSTRUCTION).meanDivergence(), "nats")
          .number("explained", 100 * one.explainedVariance(), "%")
          .number("shrinkage", one.shrinkage(), "")
          .whole("never", one.atMost(0))
          .whole("rare", one.atMost(RARE))
          .whole("very rare", one.atMost(VERY_RARE));
    }
    return rows.note("on " + all.get(0).tokens() + " tokens, all positions").table();
  }
}
