package org.zlens.dsl.command.builtin;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.EngineFacts;
import org.zlens.dsl.command.engine.Estimate;
import org.zlens.dsl.command.engine.Planned;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Address;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.measure.ClopperPearson;
import org.zlens.engine.measure.InductionBehaviour;
import org.zlens.engine.measure.InductionBehaviour.Score;
import org.zlens.engine.measure.InductionGroups;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.plan.SaeCost;
import org.zlens.engine.sae.Sae;

/** {@code induction}: which features behave as induction features (the paper's appendix F). */
public final class InductionCommand implements Command, Planned {
  private static final double ALPHA = 0.05;

  private static final Parameter<Address.Head> HEAD =
      Parameter.of("head", Types.HEAD, "the head whose features are tested, beside a control group")
          .optional();

  private static final Parameter<Address.Layer> LAYER =
      SaeAt.layer("the layer of which all features are tested").optional();

  private static final Parameter<Double> SHARE =
      Parameter.after(
              "share", "number", Types.positive(), "from this share of the head on it is its own")
          .orElse(InductionGroups.MOSTLY);

  private static final Parameter<Integer> CONTROL =
      Parameter.after("control", "count", Types.count(), "features that the head hardly writes")
          .orElse(InductionGroups.CONTROL);

  private static final Parameter<Long> SEED =
      Parameter.after(
              "seed",
              "number",
              Types.whole(0, Long.MAX_VALUE),
              "of the control group; the setting 'seed' without it")
          .optional();

  private static final Signature SIGNATURE =
      Signature.verb("induction", Group.MEASURE, "test which features behave as induction features")
          .details(
              """
              The token of a feature is the one that its direct logit effect favours most. Where \
              that token comes after another for the first time in a row of text, an induction \
              feature is silent on the other; where the pair comes again, it is active there. \
              'repeats' are places of the second kind and 'rate' the share of them that it is \
              active at; above 60 % it passes. 'silent' is the share of the first kind that it is \
              silent at, which does not count. Of a head, the features are tested that it mostly \
              writes (by the shares of 'heads'), and as a control some with a share below 0.1. \
              This is a crude proof of concept, in the words of the paper. \
              """
                  + MeasuredText.DETAILS)
          .oneOf(HEAD, LAYER)
          .parameters(
              SaeAt.RESIDUAL,
              SHARE,
              CONTROL,
              SEED,
              MeasuredText.ON,
              MeasuredText.TOKENS,
              MeasuredText.LENGTH)
          .result(ValueKind.TABLE)
          .columns(
              "group", "feature", "share", "token", "repeats", "rate", "firsts", "silent", "passes")
          .example(
              "model sprig; induction L1.H4 share 0.2 control 50 on sprig tokens 4096",
              "the features of sprig's induction head, and others")
          .example(
              """
              model sprig
              induction L2 residual on sprig tokens 4096 | where passes | top 5 by repeats""",
              "all features behind that head")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    MeasuredText.check(arguments, forecast);
    EngineFacts.requireSaes(forecast);
    if (arguments.has(LAYER)) {
      SaeAt.check(arguments, LAYER, forecast);
      for (Parameter<?> parameter : List.of(SHARE, CONTROL, SEED)) {
        refuse(arguments, parameter, "is for a head", "name one, as in: induction L1.H4");
      }
    } else if (arguments.has(HEAD)) {
      refuse(arguments, SaeAt.RESIDUAL, "is for a layer", "heads write to attention SAEs");
    }
  }

  private static void refuse(
      Arguments arguments, Parameter<?> parameter, String because, String hint) {
    if (arguments.has(parameter)) {
      throw arguments.fault(parameter, Kind.TYPE, "'" + parameter.word() + "' " + because, hint);
    }
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    Sae sae = sae(arguments, bench);
    InductionGroups groups = groups(arguments, session, bench, sae);
    int[] features =
        IntStream.concat(Arrays.stream(groups.selected()), Arrays.stream(groups.control()))
            .toArray();
    try (MeasuredText text = MeasuredText.of(arguments, session, bench)) {
      List<Score> scores =
          InductionBehaviour.of(
              bench.transformer(),
              sae,
              features,
              text.batches(),
              text.count(),
              bench.progress("induction"));
      int selected = groups.selected().length;
      String group = arguments.has(HEAD) ? arguments.get(HEAD).text() : arguments.get(LAYER).text();
      Rows rows = new Rows("induction behaviour on " + text.name());
      add(rows, bench, sae, group, scores.subList(0, selected), groups);
      if (arguments.has(HEAD)) {
        add(rows, bench, sae, "control", scores.subList(selected, scores.size()), groups);
      }
      return rows.table();
    }
  }

  private static Sae sae(Arguments arguments, Workbench bench) {
    return arguments.has(HEAD)
        ? bench.saes().attention(arguments.get(HEAD).in())
        : SaeAt.of(bench, arguments, LAYER);
  }

  private static InductionGroups groups(
      Arguments arguments, Session session, Workbench bench, Sae sae) {
    if (!arguments.has(HEAD)) {
      int[] all = IntStream.range(0, sae.features()).toArray();
      return new InductionGroups(all, new int[0], null);
    }
    return InductionGroups.of(
        sae,
        bench.model().config(),
        arguments.get(HEAD).index(),
        arguments.get(SHARE),
        arguments.get(CONTROL),
        arguments.find(SEED).orElseGet(() -> session.settings().get(Settings.SEED)));
  }

  /** The features of a group by falling rate; those whose token never comes again stand last. */
  private static void add(
      Rows rows,
      Workbench bench,
      Sae sae,
      String group,
      List<Score> scores,
      InductionGroups groups) {
    scores.stream()
        .sorted(
            Comparator.comparingDouble((Score score) -> score.repeats() > 0 ? -score.passRate() : 1)
                .thenComparing(Comparator.comparingLong(Score::repeats).reversed())
                .thenComparingInt(Score::feature))
        .forEach(
            score ->
                rows.text("group", group)
                    .text("feature", sae.address(score.feature()))
                    .number(
                        "share",
                        groups.shares() == null ? Double.NaN : groups.shares()[score.feature()],
                        "")
                    .text("token", bench.piece(score.token()))
                    .whole("repeats", (int) score.repeats())
                    .number("rate", 100 * score.passRate(), "%")
                    .whole("firsts", (int) score.firsts())
                    .number("silent", 100.0 * score.silent() / score.firsts(), "%")
                    .truth("passes", score.passes()));
    if (!scores.isEmpty()) {
      rows.note(group + ": " + passed(scores));
    }
  }

  private static String passed(List<Score> scores) {
    Set<Integer> passing = new HashSet<>();
    scores.stream().filter(Score::passes).forEach(score -> passing.add(score.feature()));
    long tested = scores.stream().filter(score -> score.repeats() > 0).count();
    ClopperPearson interval = ClopperPearson.of(passing.size(), scores.size(), ALPHA);
    return String.format(
        Locale.ROOT,
        "%d of %d pass (%.1f %%, 95 %% interval %.1f to %.1f); of %d no pair came again",
        passing.size(),
        scores.size(),
        100.0 * passing.size() / scores.size(),
        100 * interval.lower(),
        100 * interval.upper(),
        scores.size() - tested);
  }

  @Override
  public Estimate estimate(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    ModelConfig config = bench.model().config();
    Sae sae = sae(arguments, bench);
    InductionGroups groups = groups(arguments, session, bench, sae);
    int features = groups.selected().length + groups.control().length;
    MeasuredText.Size size = MeasuredText.size(arguments, session, bench);
    return size.estimate(config, Hooks.none().capture(sae.location()).withoutLogits())
        .with(SaeCost.some(sae, size.tokens(), size.batches(), features))
        .with(SaeCost.favoured(sae, features, config.dModel(), config.dVocab()));
  }

  @Override
  public boolean wantsPrompts(Arguments arguments) {
    return !arguments.has(MeasuredText.ON);
  }
}
