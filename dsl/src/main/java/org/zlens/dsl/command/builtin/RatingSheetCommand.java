package org.zlens.dsl.command.builtin;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Capability;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.Estimate;
import org.zlens.dsl.command.engine.Planned;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.PageValue;
import org.zlens.dsl.session.ProvenanceLines;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Address;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.measure.FavouredTokens;
import org.zlens.engine.measure.LiveExamples;
import org.zlens.engine.measure.LiveExamples.Shown;
import org.zlens.engine.measure.Ratings;
import org.zlens.engine.model.ModelConfig;
import org.zlens.engine.plan.SaeCost;
import org.zlens.engine.report.RatingCard;
import org.zlens.engine.report.RatingPage;
import org.zlens.engine.sae.Sae;

/** {@code rating sheet}: a page on which a person rates features, as for the paper's Table 1. */
public final class RatingSheetCommand implements Command, Planned {
  private static final int TOKENS_SHOWN = 10;

  private static final Parameter<Address.Layer> LAYER =
      SaeAt.layer("the layer whose features are rated");

  private static final Parameter<Integer> COUNT =
      Parameter.after("n", "count", Types.count(), "features, drawn from those that are live")
          .orElse(30);

  private static final Parameter<Long> SEED =
      Parameter.after(
              "seed",
              "number",
              Types.whole(0, Long.MAX_VALUE),
              "of the sample; the setting 'seed' without it")
          .optional();

  private static final Parameter<String> TO =
      Parameter.after("to", "file", Types.PATH, "where to").orElse("rating.html");

  private static final Parameter<String> BLANK =
      Parameter.after(
              "blank", "file", Types.PATH, "also write the features to a file of ratings, none yet")
          .optional();

  private static final Signature SIGNATURE =
      Signature.verb("rating sheet", Group.MEASURE, "make a page on which a person rates features")
          .needs(Capability.WRITE_FILES)
          .details(
              """
              A feature is live if it is active at one token in 100,000 or more; the sample is \
              drawn from these, and the same seed and text give the same one. The page shows for \
              each the 20 strongest places, 10 places drawn from the others at which it is active, \
              and the ten tokens that its direct logit effect favours and opposes most. A person \
              says of each whether one clear explanation fits all of these (monosemantic), nearly \
              all (exceptions), two do (bisemantic), or more or none (polysemantic). The page opens \
              offline, and its button saves what was said as a file, which 'rating read' takes; a \
              file of 'blank' has the same form. \
              """
                  + MeasuredText.DETAILS)
          .parameters(
              LAYER,
              COUNT,
              SEED,
              SaeAt.RESIDUAL,
              TO,
              BLANK,
              MeasuredText.ON,
              MeasuredText.TOKENS,
              MeasuredText.LENGTH)
          .result(ValueKind.PAGE)
          .example(
              "model sprig; rating sheet L2 n 3 seed 5 to \"sheet.html\" on sprig tokens 2048",
              "three features of layer 2")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    MeasuredText.check(arguments, forecast);
    SaeAt.check(arguments, LAYER, forecast);
    ending(arguments, TO, ".html");
    if (arguments.has(BLANK)) {
      ending(arguments, BLANK, ".json");
    }
  }

  private static void ending(Arguments arguments, Parameter<String> parameter, String ending) {
    if (arguments.isKnown(parameter)
        && !arguments.get(parameter).toLowerCase(Locale.ROOT).endsWith(ending)) {
      throw arguments.fault(
          parameter,
          Kind.USAGE,
          "expected a file that ends in "
              + ending
              + ", found "
              + Quoted.of(arguments.get(parameter)),
          "rating sheet ... " + parameter.word() + " \"sheet" + ending + "\"");
    }
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    Sae sae = SaeAt.of(bench, arguments, LAYER);
    long seed = arguments.find(SEED).orElseGet(() -> session.settings().get(Settings.SEED));
    try (MeasuredText text = MeasuredText.of(arguments, session, bench)) {
      LiveExamples.Sample sample =
          LiveExamples.of(
              bench.transformer(),
              sae,
              text,
              arguments.get(COUNT),
              seed,
              bench.progress("rating sheet"));
      if (sample.features().isEmpty()) {
        throw new ZlensException(
            Kind.RUNTIME, "no feature of " + sae + " is live on this text", "measure more of it");
      }
      String title = "features at " + sae.location().shortName() + " to rate";
      List<RatingCard> cards = cards(bench, sae, sample);
      Ratings blank =
          Ratings.blank(
              about(bench, sae, text.name(), sample, seed),
              cards.stream().map(RatingCard::feature).toList());
      Path path = session.output(arguments.get(TO));
      new RatingPage(title, blank, cards, bench::piece, ProvenanceLines.of(session.provenance()))
          .write(path);
      if (arguments.has(BLANK)) {
        blank.write(session.output(arguments.get(BLANK)));
      }
      return new PageValue(title, path);
    }
  }

  /** What the ratings are of: a sheet goes on with those of the same alone. */
  private static Map<String, String> about(
      Workbench bench, Sae sae, String text, LiveExamples.Sample sample, long seed) {
    Map<String, String> about = new LinkedHashMap<>();
    about.put("model", bench.model().name() + " " + bench.model().sha256());
    about.put("site", sae.location().canonical());
    about.put("text", text + ", " + sample.tokens() + " tokens");
    about.put(
        "sample",
        sample.features().size() + " of " + sample.live() + " live features, seed " + seed);
    return about;
  }

  private static List<RatingCard> cards(Workbench bench, Sae sae, LiveExamples.Sample sample) {
    int[] features = sample.features().stream().mapToInt(Shown::feature).toArray();
    FavouredTokens tokens =
        FavouredTokens.of(bench.model().transformer(), sae, TOKENS_SHOWN, features);
    List<RatingCard> cards = new ArrayList<>();
    for (int i = 0; i < features.length; i++) {
      Shown shown = sample.features().get(i);
      cards.add(
          new RatingCard(
              sae.address(shown.feature()),
              String.format(
                  Locale.ROOT, "active at %.3g %% of the tokens", 100 * shown.frequency()),
              shown.strongest(),
              shown.anywhere(),
              Arrays.stream(tokens.favoured()[i]).mapToObj(bench::piece).toList(),
              Arrays.stream(tokens.opposed()[i]).mapToObj(bench::piece).toList()));
    }
    return cards;
  }

  @Override
  public Estimate estimate(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    ModelConfig config = bench.model().config();
    Sae sae = SaeAt.of(bench, arguments, LAYER);
    int features = Math.min(arguments.get(COUNT), sae.features());
    MeasuredText.Size size = MeasuredText.size(arguments, session, bench);
    double goes = (double) size.batches() * size.rows();
    return size.estimate(config, Hooks.none().capture(sae.location()).withoutLogits(), 2)
        .with(SaeCost.encode(sae, size.tokens(), goes))
        .with(SaeCost.some(sae, size.tokens(), goes, features))
        .with(SaeCost.favoured(sae, features, config.dModel(), config.dVocab()));
  }

  @Override
  public boolean wantsPrompts(Arguments arguments) {
    return !arguments.has(MeasuredText.ON);
  }
}
