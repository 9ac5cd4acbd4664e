package org.zlens.dsl.command.builtin;

import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Capability;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.session.LivePage;
import org.zlens.dsl.session.NothingValue;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;
import org.zlens.engine.ZlensException.Kind;

/** {@code explore}: the running session as a page in a browser. */
public final class ExploreCommand implements Command {
  private static final Parameter<Integer> PORT =
      Parameter.after("port", "number", Types.wholeInt(1, 65535), "where to listen; any without it")
          .optional();

  private static final Parameter<Boolean> OFF = Parameter.flag("off", "close the page");

  private static final Signature SIGNATURE =
      Signature.verb("explore", Group.LOOK, "open the running session as a page in a browser")
          .needs(Capability.USE_NETWORK)
          .details(
              """
              Says an address for a browser on this machine. The page shows the prompt, the features \
              that are active in it and the graph of what was followed upstream, where features can \
              be opened, split, ablated and steered. Each click there runs an ordinary statement in \
              this session, shows it, and a transcript records it; each statement typed here appears \
              there, in every window of the page. The page listens on this machine alone, at a port \
              and under a word that nobody can guess, and loads nothing from elsewhere. It lasts as \
              long as the session. 'zlens explore' starts a session with its page open.""")
          .parameters(PORT, OFF)
          .interactive()
          .example("explore", "what was done so far, and what comes")
          .example("explore; explore off", "and closed again")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public void check(Arguments arguments, Forecast forecast) {
    if (arguments.has(PORT) && arguments.has(OFF)) {
      throw arguments.fault(OFF, Kind.USAGE, "a page that is closed needs no port", null);
    }
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    LivePage page =
        session.get(LivePage.SLOT, "a session at a prompt can show one, as can 'zlens explore'");
    if (arguments.get(OFF)) {
      session.listener().onNote(page.shut() ? "the page is closed" : "no page is open");
    } else {
      String address = page.open(arguments.find(PORT).orElse(0));
      session.listener().onNote("the page of this session: " + address);
    }
    return NothingValue.NOTHING;
  }
}
