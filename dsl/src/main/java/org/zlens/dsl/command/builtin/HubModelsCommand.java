package org.zlens.dsl.command.builtin;

import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.engine.hub.HubRegistry;
import org.zlens.engine.hub.KnownModel;

/** {@code hub models}: the models that have names. */
public final class HubModelsCommand implements Command {
  private static final Signature SIGNATURE =
      Signature.verb("hub models", Group.SET_UP, "list the models that have names")
          .details(
              """
              Each can be loaded by its name: model NAME. The repository is where it comes from \
              on the Hugging Face hub; 'model hf:owner/name' loads any other there.""")
          .result(ValueKind.TABLE)
          .example("hub models | top 3 by name", "some of them")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    Rows rows = new Rows("models that have names");
    for (KnownModel model : HubRegistry.models()) {
      rows.text("name", model.name())
          .text("repository", model.repositories().get(0).name())
          .text("about", model.about());
    }
    return rows.table();
  }
}
