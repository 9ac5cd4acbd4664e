package org.zlens.dsl.lang;

import java.util.List;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Position;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.TextValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Address;

/** {@code cut}: takes arguments of every sort and says what it took, for the language's tests. */
final class EchoCommand implements Command {
  private static final Parameter<List<Address.Feature>> FEATURES =
      Parameter.after("feature", "feature", Types.FEATURE, "features").many().optional();
  private static final Parameter<List<Address.Head>> HEADS =
      Parameter.after("head", "head", Types.HEAD, "heads").many().optional();
  private static final Parameter<List<Address.Layer>> LAYERS =
      Parameter.after("layers", "layer", Types.listOf(Types.LAYER), "layers").optional();
  private static final Parameter<List<Integer>> TOKENS =
      Parameter.after("tokens", "token", Types.indices(), "tokens").optional();
  private static final Parameter<List<Position>> AT =
      Parameter.after("at", "position", Types.listOf(Types.POSITION), "where").optional();
  private static final Parameter<Integer> DEPTH =
      Parameter.after("depth", "depth", Types.count(), "how deep").orElse(1);
  private static final Parameter<Double> SCALE =
      Parameter.after("scale", "number", Types.NUMBER, "by how much").optional();
  private static final Parameter<Boolean> EXACT = Parameter.flag("exact", "exactly");

  private static final Signature SIGNATURE =
      Signature.verb("cut", Group.INTERVENE, "say what was taken")
          .oneOf(FEATURES, HEADS, LAYERS, TOKENS)
          .parameters(AT, DEPTH, SCALE, EXACT)
          .result(ValueKind.TEXT)
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    StringBuilder out = new StringBuilder();
    arguments.find(FEATURES).ifPresent(all -> all.forEach(f -> out.append(f.text()).append(' ')));
    arguments.find(HEADS).ifPresent(all -> all.forEach(h -> out.append(h.text()).append(' ')));
    arguments.find(LAYERS).ifPresent(all -> all.forEach(l -> out.append(l.text()).append(' ')));
    arguments.find(TOKENS).ifPresent(all -> out.append(all).append(' '));
    arguments
        .find(AT)
        .ifPresent(all -> all.forEach(p -> out.append("at ").append(p.text()).append(' ')));
    out.append("depth ").append(arguments.get(DEPTH));
    arguments.find(SCALE).ifPresent(scale -> out.append(" scale ").append(scale));
    return new TextValue(out + (arguments.get(EXACT) ? " exact" : ""));
  }
}
