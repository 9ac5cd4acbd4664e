package org.zlens.engine.data.corpus;

/** The documents of a file, one after the other; nothing is read before it is asked for. */
interface Documents extends AutoCloseable {
  /**
   * The next document, or null after the last.
   *
   * @throws org.zlens.engine.ZlensException of kind DATA if the file is broken there
   */
  String next();

  @Override
  void close();
}
