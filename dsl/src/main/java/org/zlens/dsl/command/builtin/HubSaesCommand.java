package org.zlens.dsl.command.builtin;

import java.util.function.Function;
import java.util.stream.Collectors;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.engine.hub.HubRegistry;
import org.zlens.engine.hub.KnownSae;
import org.zlens.engine.hub.KnownSaes;

/** {@code hub saes}: the releases of SAEs that have names. */
public final class HubSaesCommand implements Command {
  private static final Signature SIGNATURE =
      Signature.verb("hub saes", Group.SET_UP, "list the releases of SAEs that have names")
          .details(
              """
              Each can be attached by its name: sae NAME, or sae NAME at L5.z for one of them. \
              'sites' are the kinds of sites that they read, 'saes' how many there are.""")
          .result(ValueKind.TABLE)
          .example("hub saes | where model = \"gpt2-small\"", "those of one model")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    Rows rows = new Rows("releases of SAEs that have names");
    for (KnownSaes saes : HubRegistry.saes()) {
      rows.text("name", saes.name())
          .text("model", saes.model())
          .text("sites", each(saes, sae -> sae.at().site().shortName()))
          .whole("saes", saes.saes().size())
          .text("features", each(saes, sae -> Integer.toString(sae.features())))
          .text("repository", saes.repository() == null ? null : saes.repository().name())
          .text("about", saes.about());
    }
    return rows.table();
  }

  private static String each(KnownSaes saes, Function<KnownSae, String> what) {
    return saes.saes().stream().map(what).distinct().collect(Collectors.joining(", "));
  }
}
