package org.zlens.repl.explore;

import org.zlens.dsl.session.LivePage;
import org.zlens.dsl.session.ResultListener;
import org.zlens.dsl.session.Session;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/**
 * The page of a session: it opens at the first {@code explore} and costs nothing before. What has
 * happened is kept while it is closed.
 */
public final class Explorer implements LivePage {
  private final Session session;
  private final Faces faces;
  private final PageCommands commands;
  private final Journal journal = new Journal();
  private final GraphLedger graphs = new GraphLedger();
  private final PageView view = new PageView();
  private final SessionEvents events;
  private PageServer server;

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
    this.events = new SessionEvents(session, journal, graphs, view, faces::isFromPage);
  }

  @Override
  public String open(int port) {
    if (server == null) {
      server = new PageServer(journal, graphs, view, commands, port);
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
    events.pause();
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
