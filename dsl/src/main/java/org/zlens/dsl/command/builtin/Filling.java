package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.Estimate;
import org.zlens.dsl.command.engine.OtherPrompts;
import org.zlens.dsl.command.engine.Places;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.diagnostic.Suggestion;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Settings;
import org.zlens.dsl.session.Value;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.data.Prompt;
import org.zlens.engine.data.PromptSet;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Location;
import org.zlens.engine.intervene.Counterparts;
import org.zlens.engine.intervene.Intervention;
import org.zlens.engine.intervene.PositionMap;
import org.zlens.engine.intervene.Replacement;

/** What stands in the place of what is ablated: zero, a mean, or values of other prompts. */
final class Filling {
  static final Parameter<Boolean> MEAN =
      Parameter.flag("mean", "it becomes its mean, over all prompts and positions unless said");

  static final Parameter<Boolean> ZERO = Parameter.flag("zero", "it becomes zero");

  static final Parameter<Boolean> RESAMPLE =
      Parameter.flag("resample", "it becomes what it is in another prompt, drawn for each");

  static final Parameter<Value> OVER =
      Parameter.after(
              "over", "prompts", Types.PROMPTS, "other prompts to take the mean or values of")
          .optional();

  static final Parameter<List<String>> PER =
      Parameter.after(
              "per",
              "tag",
              Types.NAME,
              "a mean or a draw over prompts with the same tag alone; 'position': place by place")
          .many()
          .optional();

  static final Parameter<Long> SEED =
      Parameter.after(
              "seed",
              "number",
              Types.whole(0, Long.MAX_VALUE),
              "where the draw starts; the setting 'seed' without it")
          .optional();

  private static final List<Parameter<Boolean>> KINDS = List.of(MEAN, ZERO, RESAMPLE);
  private static final String POSITION = "position";

  private final Arguments arguments;
  private final Parameter<Boolean> kind;

  private Filling(Arguments arguments, Parameter<Boolean> kind) {
    this.arguments = arguments;
    this.kind = kind;
  }

  /** What the arguments say, else the fallback. */
  static Filling of(Arguments arguments, Parameter<Boolean> fallback) {
    return new Filling(
        arguments, KINDS.stream().filter(arguments::get).findFirst().orElse(fallback));
  }

  /** Refuses words that exclude each other, or that say more of something that is not asked for. */
  static void check(Arguments arguments, Parameter<Boolean> fallback) {
    List<Parameter<Boolean>> given = KINDS.stream().filter(arguments::get).toList();
    if (given.size() > 1) {
      throw arguments.fault(
          given.get(1),
          Kind.USAGE,
          "it becomes its mean, zero or other prompts' values, not two of them",
          null);
    }
    boolean zero = (given.isEmpty() ? fallback : given.get(0)) == ZERO;
    for (Parameter<?> more : List.of(OVER, PER)) {
      if (zero && arguments.has(more)) {
        throw arguments.fault(
            more, Kind.USAGE, "'" + more.word() + "' goes with 'mean' and 'resample' alone", null);
      }
    }
    if (arguments.has(SEED) && !arguments.get(RESAMPLE)) {
      throw arguments.fault(SEED, Kind.USAGE, "'seed' goes with 'resample' alone", null);
    }
  }

  boolean isZero() {
    return kind == ZERO;
  }

  /** The interventions on some targets. */
  List<Intervention> on(Targets targets, Places places, Workbench bench, Session session) {
    return isZero()
        ? targets.zero(places.where())
        : targets.replace(rule(targets, places, bench, session), places.where());
  }

  /** What it takes to have the values that stand for those of the targets, and what follows. */
  Estimate estimate(Targets targets, Workbench bench, Estimate then) {
    return isZero() || !arguments.has(OVER)
        ? then
        : OtherPrompts.of(bench, arguments, OVER).estimate(targets.locations(), then);
  }

  private Function<Location, Replacement> rule(
      Targets targets, Places places, Workbench bench, Session session) {
    Optional<OtherPrompts> over =
        arguments.has(OVER)
            ? Optional.of(OtherPrompts.of(bench, arguments, OVER))
            : Optional.empty();
    PromptSet source = over.map(OtherPrompts::set).orElseGet(bench::prompts);
    Replacement rule;
    try {
      rule = rule(bench.prompts(), source, over.isEmpty(), places, session);
    } catch (ZlensException e) {
      throw arguments.fault(arguments.has(PER) ? PER : kind, e.kind(), e.getMessage(), e.hint());
    }
    if (over.isEmpty()) {
      return location -> rule;
    }
    Activations values = over.get().values(targets.locations());
    return location -> rule.from(values.get(location));
  }

  private Replacement rule(
      PromptSet prompts, PromptSet source, boolean own, Places places, Session session) {
    List<String> tags = new ArrayList<>(arguments.find(PER).orElse(List.of()));
    boolean byPlace = tags.remove(POSITION);
    List<String> here = kinds(prompts, tags);
    List<String> there = kinds(source, tags);
    if (kind == RESAMPLE) {
      PositionMap map = places.in(source, 0);
      List<int[]> named = places.inOrder();
      long seed = arguments.find(SEED).orElseGet(() -> session.settings().get(Settings.SEED));
      int[] drawn =
          own
              ? Counterparts.draw(named, map, here, seed)
              : Counterparts.draw(named, map, source.size(), here, there, seed);
      return Replacement.resample(Counterparts.paired(named, drawn, map));
    }
    List<int[]> partners = partners(here, there, prompts.size(), source.size());
    return Replacement.mean(
        byPlace
            ? Counterparts.mean(places.inOrder(), partners, places.in(source, 0))
            : Counterparts.meanOfAll(partners, Places.everywhere(source).rows()));
  }

  /** The kind of each prompt; null where all are alike. */
  private static List<String> kinds(PromptSet prompts, List<String> tags) {
    if (tags.isEmpty()) {
      return null;
    }
    for (String tag : tags) {
      for (Prompt prompt : prompts.prompts()) {
        if (!prompt.tags().containsKey(tag)) {
          List<String> known = new ArrayList<>(prompt.tags().keySet());
          known.add(POSITION);
          throw new ZlensException(
              Kind.NAME,
              "the prompts have no tag '" + tag + "'",
              Suggestion.didYouMean(tag, known, "'per' takes " + String.join(", ", known)));
        }
      }
    }
    return prompts.prompts().stream()
        .map(prompt -> tags.stream().map(prompt.tags()::get).collect(Collectors.joining(", ")))
        .toList();
  }

  /** The prompts of the same kind for each; the same array for all of one kind. */
  private static List<int[]> partners(
      List<String> here, List<String> there, int prompts, int others) {
    Map<String, int[]> byKind = new HashMap<>();
    List<int[]> partners = new ArrayList<>();
    for (int prompt = 0; prompt < prompts; prompt++) {
      String wanted = here == null ? "" : here.get(prompt);
      int[] some =
          byKind.computeIfAbsent(
              wanted,
              like ->
                  IntStream.range(0, others)
                      .filter(other -> there == null || there.get(other).equals(like))
                      .toArray());
      if (some.length == 0) {
        throw new ZlensException(
            Kind.RUNTIME, "no prompt there is of the kind '" + wanted + "'", null);
      }
      partners.add(some);
    }
    return partners;
  }

  /**
   * What stands there now, for a line below the result.
   *
   * @param what what was ablated, for example {@code ablated heads}
   */
  String note(String what, Session session) {
    if (isZero()) {
      return what + " are zero";
    }
    List<String> tags = new ArrayList<>(arguments.find(PER).orElse(List.of()));
    boolean byPlace = tags.remove(POSITION);
    String among = tags.isEmpty() ? "" : " of the same " + String.join(" and ", tags);
    String of = arguments.has(OVER) ? " of '" + arguments.written(OVER) + "'" : "";
    if (kind == RESAMPLE) {
      long seed = arguments.find(SEED).orElseGet(() -> session.settings().get(Settings.SEED));
      return what
          + " are those of "
          + (of.isEmpty() ? "other " : "")
          + "prompts"
          + of
          + among
          + ", drawn with seed "
          + seed;
    }
    String all = of.isEmpty() && tags.isEmpty() ? "all prompts" : "prompts" + of + among;
    return what + " are their mean over " + all + (byPlace ? ", place by place" : " and positions");
  }
}
