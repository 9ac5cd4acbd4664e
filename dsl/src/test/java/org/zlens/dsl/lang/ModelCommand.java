package org.zlens.dsl.lang;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Fact;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.session.NothingValue;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.SessionObject;
import org.zlens.dsl.session.Slot;
import org.zlens.dsl.session.Value;

/** {@code pick}: chooses a model that is no more than its numbers, for the language's tests. */
final class ModelCommand implements Command {
  static final Slot<Model> SLOT = new Slot<>("model", Model.class);

  private static final Parameter<String> NAME =
      Parameter.of("name", Types.choice("small", "large"), "which");

  private static final Signature SIGNATURE =
      Signature.verb("pick", Group.SET_UP, "choose a model").parameters(NAME).build();

  /** A model of 4 or 12 layers. */
  record Model(String name) implements SessionObject {
    int layers() {
      return name.equals("small") ? 4 : 12;
    }

    @Override
    public void foretell(Forecast forecast) {
      forecast.know(Fact.MODEL, name);
      forecast.know(Fact.LAYERS, layers());
      forecast.know(Fact.HEADS, 8);
      forecast.know(Fact.FEATURES, Map.of(0, 512, 2, 512));
      forecast.know(Fact.RESIDUAL_FEATURES, Map.of(3, 1024));
      forecast.know(Fact.LABELS, new TreeSet<>(Set.of("IO", "S1", "S2")));
    }
  }

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    if (arguments.isKnown(NAME)) {
      new Model(arguments.get(NAME)).foretell(forecast);
    } else {
      forecast.forget(
          Fact.MODEL, Fact.LAYERS, Fact.HEADS, Fact.FEATURES, Fact.RESIDUAL_FEATURES, Fact.LABELS);
    }
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    session.put(SLOT, new Model(arguments.get(NAME)));
    return NothingValue.NOTHING;
  }
}
