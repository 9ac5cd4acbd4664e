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
import org.zlens.dsl.command.engine.Estimate;
import org.zlens.dsl.command.engine.Planned;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Address;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.hook.Location;
import org.zlens.engine.measure.DensityHistogram;
import org.zlens.engine.measure.Replacement;
import org.zlens.engine.measure.SaeEvaluation;
import org.zlens.engine.measure.SaeStatistics;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.plan.Cost;
import org.zlens.engine.plan.SaeCost;
import org.zlens.engine.sae.Sae;

/** {@code evaluate sae}: how good SAEs are, in the layout of the paper's Table 1. */
public final class EvaluateSaeCommand implements Command, Planned {
  /** Numbers that are gone through for each activation, logit of a loss, and of a divergence. */
  private static final double VALUES = 8;

  private static final double VALUES_OF_LOSS = 2;
  private static final double VALUES_OF_DIVERGENCE = 4;
  private static final double CALLS = 60;
  private static final long MOST_HELD = 1_000_000_000;

  private static final double RARE = 1e-5;
  private static final double VERY_RARE = 1e-6;

  private static final Parameter<List<Address.Layer>> LAYERS =
      Parameter.of("layer", Types.LAYER, "the layers whose SAEs are measured").many();

  private static final Parameter<Boolean> HISTOGRAM =
      Parameter.flag("histogram", "count the features by how often they fire instead");

  private static final List<String> COLUMNS =
      List.of(
          "site",
          "features",
          "L0",
          "recovered",
          "from mean",
          "clean",
          "spliced",
          "zero",
          "mean",
          "divergence",
          "explained",
          "shrinkage",
          "never",
          "rare",
          "very rare");

  private static final List<String> OF_HISTOGRAM = List.of("site", "log10", "share", "features");

  private static final Signature SIGNATURE =
      Signature.verb("evaluate sae", Group.MEASURE, "measure how good SAEs are, on a text")
          .details(
              """
              All positions count, the first included. 'recovered' is the share of the loss that \
              zeroing the site adds which the reconstruction wins back (the paper's equation 4); \
              'from mean' is the same with the site's mean over the text in place of zero. \
              'divergence' is that of the spliced from the clean predictions. 'explained' is the \
              pooled explained variance: one less the squared error over the squared distance from \
              the mean. 'rare' and 'very rare' count the features that fire on at most 1e-5 and \
              1e-6 of the tokens, those that never do included; fewer tokens than that cannot tell \
              the two apart. 'histogram' counts the features by the log10 of their frequency \
              instead, a quarter to a bin, those that never fire without one. \
              """
                  + MeasuredText.DETAILS)
          .parameters(
              LAYERS,
              SaeAt.RESIDUAL,
              MeasuredText.ON,
              MeasuredText.TOKENS,
              MeasuredText.LENGTH,
              HISTOGRAM)
          .result(ValueKind.TABLE)
          .pure()
          .example(
              "model sprig; dataset ioi n 20; evaluate sae L1 L2",
              "two attention SAEs side by side, on prompts")
          .example(
              "model sprig; evaluate sae L0..L3 on sprig tokens 2048",
              "all four on the same passes over text that they never saw")
          .example(
              """
              model sprig
              evaluate sae L1 on sprig tokens 2048 histogram | plot bar x log10 y features""",
              "how many features fire how often")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    MeasuredText.check(arguments, forecast);
    SaeAt.checkAll(arguments, LAYERS, forecast);
  }

  @Override
  public Optional<List<String>> resultColumns(Arguments arguments, Forecast forecast) {
    return Optional.of(arguments.has(HISTOGRAM) ? OF_HISTOGRAM : COLUMNS);
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    List<Sae> saes = saes(arguments, bench);
    try (MeasuredText text = MeasuredText.of(arguments, session, bench)) {
      List<SaeStatistics> all =
          SaeEvaluation.of(bench.transformer(), saes, text, bench.progress("evaluate sae"));
      String note = "on " + all.get(0).tokens() + " tokens, all positions";
      return arguments.has(HISTOGRAM)
          ? histogram(all, text.name()).note(note).table()
          : quality(all, text.name()).note(note).table();
    }
  }

  private static List<Sae> saes(Arguments arguments, Workbench bench) {
    return arguments.get(LAYERS).stream()
        .distinct()
        .map(layer -> SaeAt.of(bench, arguments, layer))
        .toList();
  }

  private static Rows quality(List<SaeStatistics> all, String text) {
    Rows rows = new Rows("SAEs on " + text);
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
    return rows;
  }

  /** Bins from the rarest to the most frequent that any of the SAEs has features in. */
  private static Rows histogram(List<SaeStatistics> all, String text) {
    Rows rows = new Rows("how often features fire on " + text);
    int first = Integer.MAX_VALUE;
    int last = -1;
    for (SaeStatistics one : all) {
      int[] counts = one.density().counts();
      for (int bin = 0; bin < counts.length; bin++) {
        if (counts[bin] > 0) {
          first = Math.min(first, bin);
          last = Math.max(last, bin);
        }
      }
    }
    for (SaeStatistics one : all) {
      DensityHistogram density = one.density();
      bin(rows, one, Double.NaN, density.never());
      for (int bin = first; bin <= last; bin++) {
        bin(rows, one, DensityHistogram.from(bin), density.counts()[bin]);
      }
    }
    return rows;
  }

  private static void bin(Rows rows, SaeStatistics one, double log, int features) {
    rows.text("site", one.site())
        .number("log10", log, "")
        .number("share", 100.0 * features / one.features(), "%")
        .whole("features", features);
  }

  @Override
  public Estimate estimate(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    ModelConfig config = bench.model().config();
    List<Sae> saes = saes(arguments, bench);
    Hooks sites = Hooks.none().capture(saes.stream().map(Sae::location).toArray(Location[]::new));
    MeasuredText.Size size = MeasuredText.size(arguments, session, bench);
    double logits = size.tokens() * config.dVocab();
    Estimate all =
        size.estimate(config, sites.withoutLogits())
            .of("means")
            .then(size.estimate(config, sites).of("clean"))
            .with(new Cost(0, VALUES_OF_LOSS * logits, CALLS * size.batches()));
    for (Sae sae : saes) {
      // As it is read, and once more where what it makes is put in the place of its site.
      Cost own =
          SaeCost.encode(sae, 2 * size.tokens(), 2.0 * size.batches())
              .plus(SaeCost.decode(sae, 2 * size.tokens(), 2.0 * size.batches()))
              .plus(new Cost(0, VALUES * size.tokens() * sae.features(), 0));
      all = all.with(own);
    }
    int replaced = Replacement.values().length - 1;
    double each = VALUES_OF_DIVERGENCE * logits;
    return all.then(
            size.estimate(config, Hooks.none(), replaced * saes.size())
                .of("replaced")
                .with(new Cost(0, each, CALLS * size.batches()).times(replaced * saes.size())))
        .holding(Math.min(MOST_HELD, (long) (6 * logits / size.batches()) * Float.BYTES));
  }

  @Override
  public boolean wantsPrompts(Arguments arguments) {
    return !arguments.has(MeasuredText.ON);
  }
}
