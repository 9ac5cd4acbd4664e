package org.zlens.dsl.command.builtin;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.command.engine.EngineFacts;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.TableValue;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Address;
import org.zlens.engine.hook.Location;
import org.zlens.engine.model.ModelConfig;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** {@code sites}: the places in the model that can be looked at and edited. */
public final class SitesCommand implements Command {
  private static final Parameter<Address.Layer> LAYER =
      Parameter.of("layer", Types.LAYER, "only the sites of this layer").optional();

  private static final Signature SIGNATURE =
      Signature.verb("sites", Group.LOOK, "list the model's hook sites, with both names and shapes")
          .details(
              """
              Either name may be written wherever a site is wanted: L2.z or blocks.2.attn.hook_z. \
              Sites on demand are computed only when they are asked for; 'capture all' leaves \
              them out.""")
          .parameters(LAYER)
          .result(ValueKind.TABLE)
          .columns("site", "name", "shape", "on_demand")
          .pure()
          .example("model sprig; sites L2", "the sites of one layer")
          .example("model sprig; sites | where on_demand", "those that cost something")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    EngineFacts.requireModel(forecast);
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    ModelConfig config = Workbench.of(session).model().config();
    Optional<Integer> layer = arguments.find(LAYER).map(Address.Layer::index);
    StringColumn site = StringColumn.create("site");
    StringColumn name = StringColumn.create("name");
    StringColumn shape = StringColumn.create("shape");
    BooleanColumn onDemand = BooleanColumn.create("on_demand");
    for (Location location : config.locations()) {
      if (layer.isEmpty() || layer.get() == location.layer()) {
        site.append(location.shortName());
        name.append(location.canonical());
        shape.append(location.site().shape(config));
        onDemand.append(location.site().onDemand());
      }
    }
    return new TableValue(
        Table.create("sites", site, name, shape, onDemand),
        Map.of(),
        List.of("pos counts tokens, the beginning-of-text token included"));
  }
}
