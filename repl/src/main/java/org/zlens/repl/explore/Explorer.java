package org.zlens.repl.explore;

import org.zlens.dsl.session.LivePage;
import org.zlens.dsl.session.ResultListener;
import org.zlens.dsl.session.Session;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/** The page of a session: it opens at the first {@code explore} and costs nothing before. */
public final class Explorer implements LivePage {
  private final Session session;
  private final Faces faces;
  private final PageCommands commands;
  private PageServer server;
  private SessionEvents events;

  /**
   * A page that is not open yet.
   *
   * @param faces what the session speaks to
   * @param commands where the page's commands go
   */
  public Explorer(Session session, Faces faces, PageCommands commands) {
    this.session = session;
    this.faces = faces;
    this.commands = commands;
  }

  @Override
  public String open(int port) {
    if (server == null) {
      Journal journal = new Journal();
      GraphLedger graphs = new GraphLedger();
      PageView view = new PageView();
      server = new PageServer(journal, graphs, view, commands, port);
      events = new SessionEvents(session, journal, graphs, view, faces::isFromPage);
      events.begin();
      session.addListener(events);
      faces.show(events.results());
    } else if (port != 0 && port != server.port()) {
      throw new ZlensException(
          Kind.RUNTIME, "the page is open at port " + server.port(), "close it first: explore off");
    }
    return server.address();
  }

  @Override
  public boolean shut() {
    if (server == null) {
      return false;
    }
    session.removeListener(events);
    faces.show(ResultListener.none());
    server.close();
    server = null;
    return true;
  }

  @Override
  public void close() {
    shut();
  }
}
