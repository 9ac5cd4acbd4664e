package org.zlens.dsl.command.builtin;

import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.engine.CurrentSaes;
import org.zlens.dsl.command.engine.EngineFacts;
import org.zlens.dsl.command.engine.Slots;
import org.zlens.dsl.command.engine.Workbench;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.engine.sae.LoadedSae;
import org.zlens.engine.sae.LoadedTranscoder;

/** {@code sae list}: the SAEs that are attached, by what they compute. */
public final class SaeListCommand implements Command {
  private static final Signature SIGNATURE =
      Signature.verb("sae list", Group.SET_UP, "list the SAEs by what they compute")
          .details(
              """
              'normalises' is what is done to each vector before encoding and undone after \
              decoding, 'trained_on' the weights of the model that the training activations came \
              from, and 'converted' whether the SAE was changed to fit those of this model. \
              'memory' is that of the weights that have been read from their file; it is missing \
              while none have.""")
          .result(ValueKind.TABLE)
          .example("model sprig; sae list", "the SAEs that come with sprig")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    EngineFacts.requireSaes(forecast);
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    Workbench bench = Workbench.of(session);
    CurrentSaes saes = session.get(Slots.SAES, "load some first: sae sprig, or sae \"folder\"");
    Rows rows = new Rows("SAEs of " + bench.model().name());
    for (LoadedSae one : saes.all()) {
      rows.text("site", one.sae().location().shortName())
          .whole("features", one.sae().features())
          .text("architecture", SaeShowCommand.architecture(one.sae().encoder()))
          .text("normalises", one.config().normalization().saeLensName())
          .text("trained_on", one.config().basis().words())
          .text("converted", one.sae().conversion().isEmpty() ? "no" : "yes")
          .text("format", one.config().source().format())
          .number("memory", SaeShowCommand.megabytes(one.sae()), "MB");
    }
    for (LoadedTranscoder one : saes.transcoders()) {
      rows.text("site", one.sites())
          .whole("features", one.transcoder().features())
          .text("architecture", SaeShowCommand.architecture(one.transcoder()))
          .text("normalises", one.normalization().saeLensName())
          .text("trained_on", one.basis().words())
          .text("converted", "no")
          .text("format", one.source().format())
          .number("memory", one.transcoder().bytes() / 1e6, "MB");
    }
    return rows.table();
  }
}
