package org.zlens.engine.data;

/**
 * A place in a text of several files that is read over and over.
 *
 * @param pass how often all of it was read before
 * @param file number of the file
 * @param document number of the next document in the file
 */
public record TextPlace(long pass, int file, long document) {
  /** Where everything begins. */
  public static final TextPlace START = new TextPlace(0, 0, 0);
}
