package org.zlens.dsl.session;

/** The page of a running session, which a face of it that can show one puts into its slot. */
public interface LivePage extends SessionObject {
  /** Where a session has its own. */
  Slot<LivePage> SLOT = new Slot<>("page", LivePage.class);

  /**
   * Opens the page unless it is open.
   *
   * @param port where to listen, 0 for any; it must be that of the page where one is open
   * @return the address to open in a browser, which nobody can guess
   */
  String open(int port);

  /** Closes the page; what is open in browsers is cut off. False if there was none. */
  boolean shut();

  @Override
  default boolean shapesResults() {
    return false;
  }
}
