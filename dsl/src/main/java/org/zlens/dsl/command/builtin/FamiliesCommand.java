package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.Comparator;
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
import org.zlens.engine.measure.FamilyScore;
import org.zlens.engine.measure.FavouredTokens;
import org.zlens.engine.measure.FeatureFamilies;
import org.zlens.engine.measure.FeatureFamily;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.plan.Cost;
import org.zlens.engine.plan.SaeCost;
import org.zlens.engine.sae.Sae;

/** {@code families}: features of the kinds that the paper finds in attention layers. */
public final class FamiliesCommand implements Command, Planned {
  /** What it takes to count a feature at a place in every family, in numbers gone through. */
  private static final double COUNTED = 4;

  private static final Parameter<Address.Layer> LAYER =
      SaeAt.layer("the layer whose features are sorted");

  private static final Parameter<Integer> TOP =
      Parameter.after("top", "count", Types.count(), "features of each family").orElse(5);

  private static final Signature SIGNATURE =
      Signature.verb("families", Group.MEASURE, "find features of the paper's families")
          .details(
              """
              Each family is a property of places in the text. duplicate token: the token came \
              before in the row; induction: it came before, and what followed it then is favoured; \
              name mover: a favoured token came before; suppression: an opposed token came before; \
              succession: a token came before whose successor (numbers, days, months, letters) is \
              favoured; n-gram: this token and the one before are the pair that the feature fires \
              at most. Favoured and opposed tokens are the ten that the direct logit effect favours \
              and opposes most. 'share' is the share of the firings at such places, 'base' that of \
              all places, and 'score' what the share is beyond the base: (share - base) / (1 - \
              base); 'lowest' is the same of the lower end of the share's 95 % interval. From 0.5 \
              of that and 20 firings on a feature belongs to a family. A beginning-of-text token \
              does not count as having come before. These are heuristics: look at what they name. \
              """
                  + MeasuredText.DETAILS)
          .parameters(
              LAYER, TOP, SaeAt.RESIDUAL, MeasuredText.ON, MeasuredText.TOKENS, MeasuredText.LENGTH)
          .result(ValueKind.TABLE)
          .columns(
              "family", "feature", "score", "lowest", "share", "base", "firings", "favours",
              "belongs")
          .example(
              """
              model sprig
              families L2 residual top 3 on sprig tokens 4096 | where family = "induction\"""",
              "what sprig's induction head has written")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    MeasuredText.check(arguments, forecast);
    SaeAt.check(arguments, LAYER, forecast);
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    Sae sae = SaeAt.of(bench, arguments, LAYER);
    try (MeasuredText text = MeasuredText.of(arguments, session, bench)) {
      List<FamilyScore> scores =
          new FeatureFamilies(bench.transformer(), bench.tokenizer(), sae)
              .count(text.batches(), text.count(), bench.progress("families"))
              .scores();
      Rows rows = new Rows("families at " + sae.location().shortName() + " on " + text.name());
      rows.texts("family", "feature")
          .numbers("score", "lowest", "share", "base")
          .wholes("firings")
          .texts("favours")
          .truths("belongs");
      List<FamilyScore> best = new ArrayList<>();
      List<String> belonging = new ArrayList<>();
      for (FeatureFamily family : FeatureFamily.values()) {
        List<FamilyScore> own = scores.stream().filter(one -> one.family() == family).toList();
        best.addAll(best(own, arguments.get(TOP)));
        belonging.add(family.title() + " " + own.stream().filter(FamilyScore::belongs).count());
      }
      int[] features = best.stream().mapToInt(FamilyScore::feature).toArray();
      Optional<FavouredTokens> tokens =
          features.length == 0
              ? Optional.empty()
              : Optional.of(FavouredTokens.of(bench.model().transformer(), sae, 1, features));
      for (int i = 0; i < best.size(); i++) {
        add(rows, sae, best.get(i), bench.piece(tokens.orElseThrow().favoured()[i][0]));
      }
      return rows.note("features that belong: " + String.join(", ", belonging)).table();
    }
  }

  private static List<FamilyScore> best(List<FamilyScore> scores, int count) {
    return scores.stream()
        .filter(score -> score.firings() >= FamilyScore.FEWEST)
        .sorted(
            Comparator.comparingDouble(FamilyScore::lowestScore)
                .reversed()
                .thenComparingInt(FamilyScore::feature))
        .limit(count)
        .toList();
  }

  private static void add(Rows rows, Sae sae, FamilyScore score, String favours) {
    rows.text("family", score.family().title())
        .text("feature", sae.address(score.feature()))
        .number("score", score.score(), "")
        .number("lowest", score.lowestScore(), "")
        .number("share", 100 * score.share(), "%")
        .number("base", 100 * score.base(), "%")
        .whole("firings", (int) score.firings())
        .text("favours", favours)
        .truth("belongs", score.belongs());
  }

  @Override
  public Estimate estimate(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    ModelConfig config = bench.model().config();
    Sae sae = SaeAt.of(bench, arguments, LAYER);
    MeasuredText.Size size = MeasuredText.size(arguments, session, bench);
    return size.estimate(config, Hooks.none().capture(sae.location()).withoutLogits())
        .with(SaeCost.encode(sae, size.tokens(), size.batches()))
        .with(new Cost(0, COUNTED * size.tokens() * sae.features(), 0))
        .with(SaeCost.favoured(sae, sae.features(), config.dModel(), config.dVocab()));
  }

  @Override
  public boolean wantsPrompts(Arguments arguments) {
    return !arguments.has(MeasuredText.ON);
  }
}
