package org.zlens.dsl.command.builtin;

import java.util.List;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Position;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.Places;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.syntax.Address;

/** What sweeps and their estimates by gradients are told alike. */
final class SweepParameters {
  static final Parameter<List<Address.Layer>> SAE_LAYERS =
      Parameter.of("layer", Types.listOf(Types.LAYER), "the layer of the SAE, or some layers");

  static final Parameter<List<Address.Layer>> HEADS_LAYERS =
      Parameter.of(
              "layer",
              Types.listOf(Types.LAYER),
              "the heads of one layer, or of some layers; of all without it")
          .optional();

  static final Parameter<List<Position>> AT =
      Parameter.after("at", "position", Types.POSITION, "where; at every token without it")
          .many()
          .optional();

  private SweepParameters() {}

  /** The places that {@link #AT} names. */
  static Places places(Workbench bench, Arguments arguments) {
    return Places.of(bench.prompts(), arguments, AT, new Position.All());
  }

  /** Whether the heads of a layer are asked for. */
  static boolean isAsked(Arguments arguments, int layer) {
    return !arguments.has(HEADS_LAYERS)
        || arguments.get(HEADS_LAYERS).stream().anyMatch(asked -> asked.index() == layer);
  }
}
