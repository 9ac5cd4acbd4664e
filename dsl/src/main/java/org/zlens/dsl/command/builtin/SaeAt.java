package org.zlens.dsl.command.builtin;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Fact;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Known;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.EngineFacts;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.syntax.Address;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.sae.Sae;

/** The SAE that an argument means: of a layer, or of a feature. */
final class SaeAt {
  /** Which of the two SAEs of a layer. */
  static final Parameter<Boolean> RESIDUAL =
      Parameter.flag("residual", "the residual SAE before the layer, not its attention SAE");

  private SaeAt() {}

  /** A layer whose SAE is meant. */
  static Parameter<Address.Layer> layer(String summary) {
    return Parameter.of("layer", Types.LAYER, summary);
  }

  /** Refuses a layer without the SAE that is meant, as far as that is known before the run. */
  static void check(Arguments arguments, Parameter<Address.Layer> layer, Forecast forecast) {
    EngineFacts.requireSaes(forecast);
    if (arguments.isKnown(layer)) {
      check(arguments, layer, arguments.get(layer), forecast);
    }
  }

  /** The same for some layers. */
  static void checkAll(
      Arguments arguments, Parameter<List<Address.Layer>> layers, Forecast forecast) {
    EngineFacts.requireSaes(forecast);
    if (arguments.isKnown(layers)) {
      arguments.get(layers).forEach(layer -> check(arguments, layers, layer, forecast));
    }
  }

  private static void check(
      Arguments arguments, Parameter<?> where, Address.Layer layer, Forecast forecast) {
    boolean residual = arguments.get(RESIDUAL);
    Known<Map<Integer, Integer>> sizes =
        forecast.ask(residual ? Fact.RESIDUAL_FEATURES : Fact.FEATURES);
    if (sizes.isKnown() && !sizes.value().orElse(Map.of()).containsKey(layer.index())) {
      throw arguments.fault(
          where,
          Kind.NAME,
          "layer " + layer.index() + " has no " + (residual ? "residual" : "attention") + " SAE",
          "load one with 'sae'; type 'help sae'");
    }
  }

  /** The SAE of a layer. */
  static Sae of(Workbench bench, Arguments arguments, Parameter<Address.Layer> layer) {
    return of(bench, arguments, arguments.get(layer));
  }

  /** The SAE of a layer, attention or residual as the arguments say. */
  static Sae of(Workbench bench, Arguments arguments, Address.Layer layer) {
    int index = layer.index();
    return arguments.get(RESIDUAL) ? bench.saes().residual(index) : bench.saes().attention(index);
  }

  /** The SAE of a feature. */
  static Sae of(Workbench bench, Address feature) {
    return feature instanceof Address.ResidualFeature residual
        ? bench.saes().residual(residual.in())
        : bench.saes().attention(feature.layer().orElseThrow());
  }

  /** Features by their SAEs, those in the order of their layers; one given twice is an error. */
  static Map<Sae, List<Address>> byAll(
      Workbench bench, Arguments arguments, Parameter<List<Address>> parameter) {
    Map<Sae, List<Address>> bySae = new TreeMap<>(Comparator.comparing(Sae::toString));
    for (Address feature : arguments.get(parameter)) {
      List<Address> some = bySae.computeIfAbsent(of(bench, feature), sae -> new ArrayList<>());
      if (some.contains(feature)) {
        throw arguments.fault(
            parameter, Kind.USAGE, "'" + feature.text() + "' is given twice", null);
      }
      some.add(feature);
    }
    return bySae;
  }

  /** The index of a feature in its SAE. */
  static int index(Address feature) {
    return feature instanceof Address.ResidualFeature residual
        ? residual.index()
        : ((Address.Feature) feature).index();
  }
}
