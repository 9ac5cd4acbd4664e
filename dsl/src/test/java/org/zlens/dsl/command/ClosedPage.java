package org.zlens.dsl.command;

import org.zlens.dsl.session.LivePage;

/** A page without a server, which remembers whether it is open. */
final class ClosedPage implements LivePage {
  private boolean open;

  @Override
  public String open(int port) {
    open = true;
    return "http://127.0.0.1:" + port + "/";
  }

  @Override
  public boolean shut() {
    boolean before = open;
    open = false;
    return before;
  }
}
