package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Position;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.Estimate;
import org.zlens.dsl.command.engine.OtherPrompts;
import org.zlens.dsl.command.engine.Places;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.syntax.Address;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.data.PromptSet;
import org.zlens.engine.hook.Activations;
import org.zlens.engine.hook.Edit;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.intervene.Counterparts;
import org.zlens.engine.intervene.Intervention;
import org.zlens.engine.intervene.Replacement;

/** Kinds of sites by layer and position, and what becomes of each. */
final class SiteGrid {
  static final Parameter<List<String>> KINDS =
      Parameter.of(
              "site",
              Types.choice(
                  "resid_pre", "attn_out", "mlp_out", "resid_mid", "resid_post", "z", "v", "post"),
              "kinds of sites, resid_pre, attn_out and mlp_out without it")
          .many()
          .orElse(List.of("resid_pre", "attn_out", "mlp_out"));

  static final Parameter<List<Address.Layer>> LAYERS =
      Parameter.after("layers", "layers", Types.listOf(Types.LAYER), "all without it").optional();

  static final Parameter<List<Position>> AT =
      Parameter.after("at", "position", Types.POSITION, "positions, each by itself; without it all")
          .many()
          .optional();

  static final Parameter<Value> FROM =
      Parameter.after(
              "from",
              "prompts",
              Types.PROMPTS,
              "prompts whose values are put in, one for each here")
          .optional();

  static final Parameter<Boolean> MEAN =
      Parameter.flag("mean", "a site becomes its mean over all prompts and positions");

  static final Parameter<Boolean> ZERO = Parameter.flag("zero", "a site becomes zero");

  private final Arguments arguments;
  private final Workbench bench;
  private final List<Position> positions;
  private final List<Location> locations = new ArrayList<>();
  private final Function<Places, Function<Location, Replacement>> rule;

  private SiteGrid(Arguments arguments, Workbench bench) {
    this.arguments = arguments;
    this.bench = bench;
    this.positions = positions(arguments, bench.prompts());
    List<Integer> layers =
        arguments
            .find(LAYERS)
            .map(some -> some.stream().map(Address.Layer::index).toList())
            .orElseGet(() -> IntStream.range(0, bench.model().config().layers()).boxed().toList());
    for (int layer : layers) {
      for (String kind : arguments.get(KINDS)) {
        locations.add(Location.of(site(kind), layer));
      }
    }
    this.rule = arguments.has(FROM) ? patches() : arguments.get(ZERO) ? null : this::means;
  }

  /** The grid that the arguments describe. */
  static SiteGrid of(Arguments arguments, Workbench bench) {
    return new SiteGrid(arguments, bench);
  }

  /** Refuses words that exclude each other. */
  static void check(Arguments arguments) {
    List<Parameter<?>> given =
        List.<Parameter<?>>of(ZERO, MEAN, FROM).stream().filter(arguments::has).toList();
    if (given.size() > 1) {
      throw arguments.fault(
          given.get(1),
          Kind.USAGE,
          "a site becomes zero, its mean, or what it is in other prompts, not two of them",
          null);
    }
    if (arguments.isKnown(AT)
        && arguments.find(AT).orElse(List.of()).stream().anyMatch(Position.All.class::isInstance)) {
      throw arguments.fault(
          AT, Kind.TYPE, "ALL is no single position", "leave out 'at' for all of them");
    }
  }

  private static Site site(String kind) {
    for (Site site : Site.values()) {
      if (site.inBlock() && site.shortName().equals(kind)) {
        return site;
      }
    }
    throw new IllegalArgumentException(kind);
  }

  /** The positions by number where none are named, if that means the same in all prompts. */
  private static List<Position> positions(Arguments arguments, PromptSet prompts) {
    if (arguments.has(AT)) {
      return arguments.get(AT);
    }
    int longest = prompts.longest();
    if (prompts.prompts().stream().anyMatch(prompt -> prompt.tokens().size() < longest)) {
      throw new ZlensException(
          Kind.TYPE,
          "the prompts have different lengths, so their positions differ by more than a number",
          "name some by labels, as in at S1 S1+1 S2 END");
    }
    return IntStream.range(0, longest).mapToObj(i -> (Position) new Position.Index(i)).toList();
  }

  private Function<Places, Function<Location, Replacement>> patches() {
    OtherPrompts other = OtherPrompts.of(bench, arguments, FROM);
    int here = bench.prompts().size();
    int there = other.set().size();
    if (there != 1 && there != here) {
      throw arguments.fault(
          FROM, Kind.TYPE, here + " prompts cannot take values from " + there, "as many, or one");
    }
    int[] partners = IntStream.range(0, here).map(row -> there == 1 ? 0 : row).toArray();
    Activations values = other.values(locations);
    return places -> {
      Counterparts counterparts =
          Counterparts.paired(places.inOrder(), partners, places.in(other.set(), 0));
      // Before the first layer a token has the same values in all prompts, so that some of a grid's
      // patches rightly change nothing.
      return location ->
          new Replacement(
              "patch", Optional.of(values.get(location)), counterparts, Edit.Effect.MAY_CHANGE);
    };
  }

  private Function<Location, Replacement> means(Places places) {
    Replacement mean =
        Replacement.mean(Counterparts.meanOfAll(Places.everywhere(bench.prompts()).rows()));
    return location -> mean;
  }

  List<Position> positions() {
    return positions;
  }

  List<Location> locations() {
    return locations;
  }

  /** All positions together. */
  Places everywhere() {
    return places(positions);
  }

  /** Where a position lies in each prompt. */
  Places places(List<Position> some) {
    try {
      return Places.of(bench.prompts(), some);
    } catch (ZlensException e) {
      throw arguments.fault(AT, e.kind(), e.getMessage(), e.hint());
    }
  }

  /** What becomes of each location at some places. */
  List<Intervention> at(Places places) {
    Targets targets = Targets.of(locations);
    try {
      return rule == null
          ? targets.zero(places.where())
          : targets.replace(rule.apply(places), places.where());
    } catch (ZlensException e) {
      throw arguments.fault(arguments.has(FROM) ? FROM : AT, e.kind(), e.getMessage(), e.hint());
    }
  }

  /** What it takes to have the values of other prompts, if they are asked for, and what follows. */
  Estimate estimate(Estimate then) {
    return arguments.has(FROM)
        ? OtherPrompts.of(bench, arguments, FROM).estimate(locations, then)
        : then;
  }

  /** What a location is called in the grid's rows. */
  static List<String> cells(Location location, Position position) {
    return List.of(location.site().shortName(), "L" + location.layer(), position.text());
  }

  /** What stands at the sites now. */
  String note() {
    if (arguments.has(FROM)) {
      return "sites take the values that they have in " + arguments.written(FROM);
    }
    return arguments.get(ZERO)
        ? "sites become zero"
        : "sites become their mean over all prompts and positions";
  }
}
