package org.zlens.dsl.command.builtin;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Address;
import org.zlens.dsl.syntax.Expression;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.data.Prompt;
import org.zlens.engine.hook.Hooks;
import org.zlens.engine.measure.Band;
import org.zlens.engine.measure.ClopperPearson;
import org.zlens.engine.measure.Specificity;
import org.zlens.engine.plan.SaeCost;
import org.zlens.engine.sae.Sae;

/** {@code specificity}: how well a feature and a condition on the text agree (Figure 2). */
public final class SpecificityCommand implements Command, Planned {
  private static final double ALPHA = 0.05;

  /** Tokens around an example on either side, as the paper's pages show them. */
  private static final int AROUND = 8;

  private static final Parameter<Address> FEATURE =
      Parameter.of("feature", Types.ANY_FEATURE, "the feature");

  private static final Parameter<Expression> PROXY =
      Parameter.after(
          "proxy",
          "condition",
          Types.expression("a condition such as (token = \" and\")"),
          "what it should fire at, in parentheses");

  private static final Parameter<Integer> BANDS =
      Parameter.after("bands", "count", Types.count(), "bands of activation").orElse(20);

  private static final Parameter<Integer> EXAMPLES =
      Parameter.after(
              "examples",
              "count",
              Types.count(),
              "show so many false negatives and exceptions instead")
          .optional();

  private static final Parameter<Boolean> SUMMARY =
      Parameter.flag("summary", "show the counts of the whole text in one row instead");

  private static final List<String> OF_BANDS =
      List.of(
          "activation",
          "from",
          "to",
          "proxy",
          "other",
          "share",
          "value_proxy",
          "value_other",
          "weight_proxy",
          "weight_other");

  private static final List<String> OF_SUMMARY =
      List.of(
          "feature",
          "tokens",
          "active",
          "proxy",
          "both",
          "missed",
          "specificity",
          "specificity_low",
          "specificity_high",
          "sensitivity",
          "sensitivity_low",
          "sensitivity_high",
          "largest");

  private static final List<String> OF_EXAMPLES =
      List.of("kind", "activation", "row", "position", "token", "text");

  private static final Signature SIGNATURE =
      Signature.verb("specificity", Group.MEASURE, "compare a feature with a condition on the text")
          .details(
              """
              A row is a band of activation, all of equal width from the smallest above zero to the \
              largest: how many places in it have the proxy, and how many do not. 'value' is the \
              middle of the band times the count over all active places of the same kind, the \
              expected value of the paper's Figure 2b; 'weight' is the same over all active places, \
              as Bricken et al. have it. Specificity is the share of the active places that have \
              the proxy, sensitivity the share of the places with the proxy that are active; a \
              false negative is a place with the proxy where the activation is exactly zero; 'missed' \
              counts them. \
              'examples' shows the first of these, and the strongest activations without the proxy \
              ('exception'), in their text. The paper's figures have 'bands 100'. \
              """
                  + ProxyNames.DETAILS
                  + " "
                  + MeasuredText.DETAILS)
          .parameters(
              FEATURE,
              PROXY,
              BANDS,
              EXAMPLES,
              SUMMARY,
              MeasuredText.ON,
              MeasuredText.TOKENS,
              MeasuredText.LENGTH)
          .result(ValueKind.TABLE)
          .example(
              """
              model sprig
              specificity L1.F17 proxy (token in earlier) summary on sprig tokens 4096""",
              "is it a feature of tokens that came before?")
          .example(
              """
              model sprig
              specificity L1.F17 proxy (token in earlier) bands 10 on sprig tokens 4096
              plot stack x activation y proxy other file "specificity.html\"""",
              "the paper's Figure 2a")
          .example(
              """
              model sprig
              dataset ioi n 20
              specificity L2.F417 proxy ("S2" in labels or "END" in labels) examples 3""",
              "on prompts, by their labels")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    MeasuredText.check(arguments, forecast);
    EngineFacts.requireSaes(forecast);
    ProxyNames.check(arguments.get(PROXY), forecast);
    if (arguments.has(SUMMARY) && arguments.has(EXAMPLES)) {
      throw arguments.fault(
          SUMMARY, Kind.TYPE, "'summary' and 'examples' are two different tables", null);
    }
  }

  @Override
  public Optional<List<String>> resultColumns(Arguments arguments, Forecast forecast) {
    return Optional.of(
        arguments.has(SUMMARY) ? OF_SUMMARY : arguments.has(EXAMPLES) ? OF_EXAMPLES : OF_BANDS);
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    Address feature = arguments.get(FEATURE);
    Sae sae = SaeAt.of(bench, feature);
    List<Prompt> prompts = arguments.has(MeasuredText.ON) ? List.of() : bench.prompts().prompts();
    ProxyNames proxy = new ProxyNames(arguments.get(PROXY), session, bench::piece, prompts);
    try (MeasuredText text = MeasuredText.of(arguments, session, bench)) {
      Specificity found =
          Specificity.of(
              bench.transformer(),
              sae,
              SaeAt.index(feature),
              proxy,
              text,
              arguments.find(EXAMPLES).orElse(0),
              bench.progress("specificity"));
      String title = feature.text() + " against " + arguments.written(PROXY) + " on " + text.name();
      if (arguments.has(SUMMARY)) {
        return summary(feature, found, title).table();
      }
      Rows rows =
          arguments.has(EXAMPLES)
              ? examples(bench, found, title)
              : bands(found, title, arguments.get(BANDS));
      notes(rows, found);
      return rows.table();
    }
  }

  private static Rows bands(Specificity found, String title, int count) {
    Rows rows = new Rows(title);
    rows.numbers("activation", "from", "to")
        .wholes("proxy", "other")
        .numbers("share", "value_proxy", "value_other", "weight_proxy", "weight_other");
    long others = found.active() - found.both();
    for (Band band : found.bands(count)) {
      double proxy = band.centre() * band.proxy();
      double other = band.centre() * band.other();
      rows.number("activation", band.centre(), "")
          .number("from", band.from(), "")
          .number("to", band.to(), "")
          .whole("proxy", (int) band.proxy())
          .whole("other", (int) band.other())
          .number("share", 100 * band.share(), "%")
          .number("value_proxy", found.both() == 0 ? 0 : proxy / found.both(), "")
          .number("value_other", others == 0 ? 0 : other / others, "")
          .number("weight_proxy", proxy / found.active(), "")
          .number("weight_other", other / found.active(), "");
    }
    return rows;
  }

  private static Rows examples(Workbench bench, Specificity found, String title) {
    Rows rows = new Rows(title);
    rows.texts("kind").numbers("activation").wholes("row", "position").texts("token", "text");
    found.misses().forEach(place -> example(rows, bench, "false negative", place));
    found.exceptions().forEach(place -> example(rows, bench, "exception", place));
    return rows;
  }

  private static void example(Rows rows, Workbench bench, String kind, Specificity.Place place) {
    StringBuilder text = new StringBuilder();
    int from = Math.max(0, place.position() - AROUND);
    int to = Math.min(place.ids().length, place.position() + AROUND + 1);
    for (int at = from; at < to; at++) {
      String piece = bench.piece(place.ids()[at]);
      text.append(at == place.position() ? "[" + piece + "]" : piece);
    }
    rows.text("kind", kind)
        .number("activation", place.activation(), "")
        .whole("row", (int) Math.min(Integer.MAX_VALUE, place.row()))
        .whole("position", place.position())
        .text("token", bench.piece(place.ids()[place.position()]))
        .text("text", text.toString());
  }

  private static Rows summary(Address feature, Specificity found, String title) {
    return new Rows(title)
        .text("feature", feature.text())
        .whole("tokens", Math.toIntExact(found.tokens()))
        .whole("active", Math.toIntExact(found.active()))
        .whole("proxy", Math.toIntExact(found.holds()))
        .whole("both", Math.toIntExact(found.both()))
        .whole("missed", Math.toIntExact(found.falseNegatives()))
        .number("specificity", percent(found.both(), found.active()), "%")
        .number("specificity_low", 100 * interval(found.both(), found.active()).lower(), "%")
        .number("specificity_high", 100 * interval(found.both(), found.active()).upper(), "%")
        .number("sensitivity", percent(found.both(), found.holds()), "%")
        .number("sensitivity_low", 100 * interval(found.both(), found.holds()).lower(), "%")
        .number("sensitivity_high", 100 * interval(found.both(), found.holds()).upper(), "%")
        .number("largest", found.largest(), "");
  }

  private static double percent(long some, long all) {
    return 100.0 * some / all;
  }

  /** Of no trials nothing is known. */
  private static ClopperPearson interval(long some, long all) {
    return all == 0
        ? new ClopperPearson(Double.NaN, Double.NaN)
        : ClopperPearson.of(some, all, ALPHA);
  }

  private static void notes(Rows rows, Specificity found) {
    rows.note(
        String.format(
            Locale.ROOT,
            "active at %d of %d tokens; %s has the proxy",
            found.active(),
            found.tokens(),
            of(found.both(), found.active())));
    rows.note(
        String.format(
            Locale.ROOT,
            "the proxy holds at %d; %s is active, %d are false negatives",
            found.holds(),
            of(found.both(), found.holds()),
            found.falseNegatives()));
  }

  private static String of(long some, long all) {
    ClopperPearson interval = interval(some, all);
    return all == 0
        ? "none"
        : String.format(
            Locale.ROOT,
            "%.1f %% (95 %% interval %.1f to %.1f)",
            percent(some, all),
            100 * interval.lower(),
            100 * interval.upper());
  }

  @Override
  public Estimate estimate(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    Sae sae = SaeAt.of(bench, arguments.get(FEATURE));
    MeasuredText.Size size = MeasuredText.size(arguments, session, bench);
    Hooks hooks = Hooks.none().capture(sae.location()).withoutLogits();
    return size.estimate(bench.model().config(), hooks)
        .with(SaeCost.some(sae, size.tokens(), size.batches(), 1));
  }

  @Override
  public boolean wantsPrompts(Arguments arguments) {
    return !arguments.has(MeasuredText.ON);
  }
}
