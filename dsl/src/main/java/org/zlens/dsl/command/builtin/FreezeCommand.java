package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.EditingCommand;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.EngineFacts;
import org.zlens.dsl.command.engine.Places;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Address;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.intervene.Counterparts;
import org.zlens.engine.intervene.Intervention;
import org.zlens.engine.intervene.Replacement;
import org.zlens.engine.model.ModelConfig;

/** {@code freeze}: holds clean values in a block while other edits act. */
public final class FreezeCommand implements EditingCommand {
  private static final List<Site> SCALES =
      List.of(Site.LN1_SCALE, Site.LN1_POST_SCALE, Site.LN2_SCALE, Site.LN2_POST_SCALE);

  private static final Parameter<List<Address>> TARGETS =
      Parameter.of("what", Types.TARGET, "what keeps its clean values").many().optional();

  private static final Parameter<Boolean> PATTERNS =
      Parameter.flag("patterns", "the attention patterns of all layers, or of those given");

  private static final Parameter<Boolean> NORMS =
      Parameter.flag(
          "norms", "the scales of all norms, or of those of the layers given, without the last");

  private static final Parameter<List<Address.Layer>> LAYERS =
      Parameter.after(
              "layers", "layer", Types.listOf(Types.LAYER), "the layers of patterns and norms")
          .optional();

  private static final Signature SIGNATURE =
      Signature.verb("freeze", Group.INTERVENE, "hold clean values while other edits act")
          .details(
              """
              Stands before the edits that it is to hold values against: 'with freeze patterns, \
              ablate feature L2.F417 at S2 { ... }' ablates the feature while all attention looks \
              where it looked. Values that no other edit reaches stay as they are; if none of them \
              is reached, the block is an error, as with every edit that changes nothing.""")
          .parameters(TARGETS, PATTERNS, NORMS, LAYERS, InterventionTable.AT)
          .result(ValueKind.TABLE)
          .example(
              """
              model sprig
              dataset ioi n 8
              with freeze patterns norms, ablate head L1.H0 zero at S2 {
                logits
              }""",
              "without a head, but with attention and norms as they were")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    EngineFacts.requirePrompts(forecast);
    boolean some = arguments.get(PATTERNS) || arguments.get(NORMS);
    if (!some && !arguments.has(TARGETS)) {
      throw arguments.fault(
          TARGETS,
          Kind.USAGE,
          "'freeze' needs 'patterns', 'norms' or an address",
          "usage: " + SIGNATURE.usage());
    }
    if (arguments.has(LAYERS) && !some) {
      throw arguments.fault(
          LAYERS, Kind.USAGE, "'layers' goes with 'patterns' and 'norms' alone", null);
    }
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    throw arguments.fault(
        TARGETS,
        Kind.USAGE,
        "'freeze' by itself changes nothing: it holds values while other edits act",
        "with freeze patterns, ablate head L1.H0 zero { ... }");
  }

  @Override
  public List<Parameter<?>> shown() {
    return List.of();
  }

  @Override
  public List<Intervention> edits(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    Places places = InterventionTable.places(arguments, bench);
    Replacement rule = Replacement.freeze(Counterparts.own(places.rows()));
    List<Intervention> all = new ArrayList<>();
    if (arguments.has(TARGETS)) {
      all.addAll(Targets.of(bench, arguments, TARGETS).replace(location -> rule, places.where()));
    }
    all.addAll(
        Targets.of(locations(arguments, bench.model().config()))
            .replace(location -> rule, places.where()));
    return all;
  }

  private static Set<Location> locations(Arguments arguments, ModelConfig config) {
    Set<Location> all = new LinkedHashSet<>();
    for (int layer = 0; layer < config.layers(); layer++) {
      int at = layer;
      Address.Layer address = new Address.Layer(layer);
      if (arguments.find(LAYERS).map(some -> some.contains(address)).orElse(true)) {
        if (arguments.get(PATTERNS)) {
          all.add(Location.of(Site.PATTERN, layer));
        }
        if (arguments.get(NORMS)) {
          SCALES.stream().filter(config::has).forEach(site -> all.add(Location.of(site, at)));
        }
      }
    }
    if (arguments.get(NORMS) && !arguments.has(LAYERS)) {
      all.add(Location.of(Site.FINAL_SCALE));
    }
    return all;
  }
}
